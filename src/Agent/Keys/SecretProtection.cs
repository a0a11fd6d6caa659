namespace Agent.Keys;

/// <summary>Which protection this machine offers. The one place where it is chosen.</summary>
static class SecretProtection
{
    /// <summary>Set by systemd for a unit with <c>LoadCredential=</c> or <c>LoadCredentialEncrypted=</c>.</summary>
    const string CredentialsVariable = "CREDENTIALS_DIRECTORY";

    public static ISecretProtection OfThisMachine { get; } = OperatingSystem.IsWindows()
        ? new MachineBoundFiles()
        : new OwnerOnlyFiles(Environment.GetEnvironmentVariable(CredentialsVariable));
}

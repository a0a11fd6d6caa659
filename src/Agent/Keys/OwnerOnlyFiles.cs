using System.Runtime.Versioning;

namespace Agent.Keys;

/// <summary>
/// A secret is a file that only the service user may read and write, or a credential that systemd lends the service for its run, which
/// may lie encrypted on the disk and is held in memory only.
/// </summary>
/// <param name="credentials">The folder of the credentials; null when the service has none.</param>
[UnsupportedOSPlatform("windows")]
sealed class OwnerOnlyFiles(string? credentials) : ISecretProtection
{
    const UnixFileMode Others = (UnixFileMode)0b000_111_111;

    // systemd lets the service user in by an access list, whose mask shows as the group's right to read.
    const UnixFileMode OthersOfCredential = Others & ~UnixFileMode.GroupRead;

    public byte[]? Read(string path)
    {
        if (CredentialFor(path) is { } credential)
            return ReadUnexposed(credential, OthersOfCredential);

        return File.Exists(path) ? ReadUnexposed(path, Others) : null;
    }

    public byte[] Seal(byte[] secret) => secret;

    public string? WhyFixed(string path) => CredentialFor(path) is { } credential
        ? $"{credential} is a credential that the service manager lends for reading only; replace it where it comes from"
        : null;

    string? CredentialFor(string path) =>
        !string.IsNullOrEmpty(credentials) && Path.Combine(credentials, Path.GetFileName(path)) is var file && File.Exists(file) ? file : null;

    static byte[] ReadUnexposed(string path, UnixFileMode forbidden)
    {
        var mode = File.GetUnixFileMode(path);
        return (mode & forbidden) == 0
            ? File.ReadAllBytes(path)
            : throw new KeyFileException(path,
                $"others than its owner may use it (mode {Convert.ToString((int)mode, 8)}). "
                + "Whoever read it may know its secret: decide whether to enrol anew, then set its mode to 600");
    }
}

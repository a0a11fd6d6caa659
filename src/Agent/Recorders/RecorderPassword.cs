using Agent.Keys;

namespace Agent.Recorders;

/// <summary>How a password stands in the configuration: where it is kept or, when the admin insists, the password itself.</summary>
static class RecorderPassword
{
    public const string Kept = "secret:";
    public const string Plain = "plain:";

    /// <summary>The name of the kept secret; null when the password stands there itself.</summary>
    public static string? NameIn(string written) => written.StartsWith(Kept, StringComparison.Ordinal) ? written[Kept.Length..] : null;

    /// <summary>What is wrong with it, without a character of it.</summary>
    /// <param name="written">As it stands in the configuration.</param>
    /// <param name="file">The configuration, for the command that mends it.</param>
    /// <param name="isKept">Whether there is a secret of a name.</param>
    public static string? MistakeIn(string written, string file, Func<string, bool> isKept)
    {
        if (written.StartsWith(Plain, StringComparison.Ordinal))
            return written.Length > Plain.Length ? null : $"nothing stands after {Plain}";
        if (NameIn(written) is not { } name)
            return $"a password does not stand here as it is. Store it with 'retention-agent secret set NAME --config {file}' and write {Kept}NAME here";
        if (!KeptSecrets.IsName(name))
            return $"what stands after {Kept} is not the name of a secret"; // perhaps somebody put the password there: it is not shown
        return isKept(name) ? null : $"there is no secret '{name}'. Store it with 'retention-agent secret set {name} --config {file}'";
    }

    /// <summary>The login of a recorder; null when its configuration names none.</summary>
    /// <exception cref="KeyFileException">The secret cannot be decrypted.</exception>
    public static RecorderLogin? LoginOf(RecorderOptions options, KeptSecrets kept) => options switch
    {
        { Username: { } user, Password: { } written } => new RecorderLogin(user, NameIn(written) is { } name ? kept.Get(name) : new Secret(written[Plain.Length..])),
        _ => null,
    };
}

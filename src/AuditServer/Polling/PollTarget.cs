namespace AuditServer.Polling;

/// <summary>Where an agent can be asked, and how both sides know each other.</summary>
/// <param name="Agent">Who must answer.</param>
/// <param name="Url">Its poll API, https.</param>
/// <param name="Fingerprint">SHA-256 of its certificate, lower-case hex: the only one that is accepted, whoever signed it.</param>
/// <param name="Bearer">The key that is shown; null when a certificate is.</param>
/// <param name="ClientCertificate">A PEM file with certificate and key to show; null when a key is.</param>
sealed record PollTarget(string Agent, Uri Url, string Fingerprint, string? Bearer, string? ClientCertificate)
{
    /// <exception cref="FormatException">One of them cannot be used, or there is none or two of the last.</exception>
    public static PollTarget Of(string agent, string url, string fingerprint, string? bearer, string? certificate)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.UserInfo.Length > 0 || address.PathAndQuery != "/" || address.Fragment.Length > 0)
            throw new FormatException("the address is not like https://198.51.100.7:8443");
        var hex = fingerprint.Replace(":", "", StringComparison.Ordinal);
        if (hex.Length != 64 || !hex.All(char.IsAsciiHexDigit))
            throw new FormatException("the fingerprint is not a SHA-256 in hex, as the agent's status shows it");
        if (bearer is null == certificate is null)
            throw new FormatException("either a bearer key or a client certificate is needed");
        return bearer is { } key && (key.Length == 0 || !key.All(c => c is > ' ' and < '\x7f'))
            ? throw new FormatException("the bearer key is not a word of printable ASCII")
            : new PollTarget(agent, address, hex.ToLowerInvariant(), bearer, certificate);
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Agent.Auditing;

/// <summary>Who may ask: the certificates and keys the configuration names, by their hashes.</summary>
internal sealed class Askers(PollOptions options, TimeProvider time)
{
    const string Scheme = "Bearer ";

    readonly byte[][] _certificates = [.. options.ClientCertificates.Select(Read)];
    readonly byte[][] _keys = [.. options.BearerKeys.Select(Read)];

    /// <summary>Decides who asks.</summary>
    /// <param name="certificate">The client certificate whose key the TLS handshake proved; null when there was none.</param>
    /// <param name="authorization">The <c>Authorization</c> header; null when there was none.</param>
    public Asker Recognise(X509Certificate2? certificate, string? authorization)
    {
        // Both are looked at, so that a certificate nobody knows here does not lock out who also holds the key.
        var byCertificate = certificate is null ? null : ByCertificate(certificate);
        return byCertificate is { Refusal: null }
            ? byCertificate
            : (authorization is null ? byCertificate : ByKey(authorization)) ?? new Asker("nobody", PollRefusal.NoCredentials);
    }

    Asker ByCertificate(X509Certificate2 certificate)
    {
        var hash = certificate.GetCertHash(HashAlgorithmName.SHA256);
        var now = time.GetUtcNow().UtcDateTime;
        return new Asker($"cert:{Fingerprint.Short(hash)}",
            !IsAmong(_certificates, hash) ? PollRefusal.UnknownCertificate
            : now < certificate.NotBefore.ToUniversalTime() || now > certificate.NotAfter.ToUniversalTime() ? PollRefusal.ExpiredCertificate
            : null);
    }

    Asker ByKey(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return new Asker("nobody", PollRefusal.NoCredentials);

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        // A wrong key is not named: it may be a password typed into the wrong field, and its hash would let others try likely ones.
        return IsAmong(_keys, hash) ? new Asker($"bearer:{Fingerprint.Short(hash)}", null) : new Asker("bearer", PollRefusal.UnknownBearerKey);
    }

    // Takes as long whichever fits, and when none does.
    static bool IsAmong(byte[][] accepted, byte[] hash)
    {
        var found = false;
        foreach (var one in accepted)
            found |= CryptographicOperations.FixedTimeEquals(one, hash);
        return found;
    }

    static byte[] Read(string text) => Fingerprint.Parse(text) ?? throw new FormatException("A fingerprint is a SHA-256 in hex.");
}

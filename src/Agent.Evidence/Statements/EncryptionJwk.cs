using System.Security.Cryptography;
using System.Text.Json;

namespace Agent.Evidence.Statements;

/// <summary>
/// The audit server's public P-256 key to which commitments are sealed (ECDH-ES, RFC 7518 section 4.6). A type of its own, so that it
/// never stands where a key that signs is asked for.
/// </summary>
public sealed record EncryptionJwk
{
    const string Use = "enc";
    const string Algorithm = "ECDH-ES";

    readonly Jwk _key;

    EncryptionJwk(Jwk key) => _key = key;

    /// <summary>The key's name (<c>kid</c>), as <see cref="Jwk.Thumbprint"/>.</summary>
    public string Thumbprint => _key.Thumbprint;

    /// <summary>Takes the public half of a key.</summary>
    /// <param name="key">A P-256 key; its private half is neither needed nor read.</param>
    /// <returns>The public key.</returns>
    /// <exception cref="ArgumentException">The key is on another curve.</exception>
    public static EncryptionJwk FromKey(ECDiffieHellman key) => new(Jwk.FromParameters(key.ExportParameters(includePrivateParameters: false), nameof(key)));

    /// <summary>Reads a key; <c>use</c> must be <c>enc</c> where it stands, <c>alg</c> <c>ECDH-ES</c>. Otherwise as <see cref="Jwk.Read(JsonElement)"/>.</summary>
    /// <param name="element">A JSON object.</param>
    /// <returns>The key.</returns>
    /// <exception cref="FormatException">It is not a public P-256 key for ECDH-ES, or it carries the private part <c>d</c>.</exception>
    public static EncryptionJwk Read(JsonElement element) => new(Jwk.Read(element, Use, Algorithm));

    /// <summary>Makes the key that seals.</summary>
    /// <returns>A new key without its private half; the caller disposes of it.</returns>
    public ECDiffieHellman ToKey() => ECDiffieHellman.Create(_key.ToParameters());

    /// <summary>Writes the key with <c>kid</c>, <c>use</c> and <c>alg</c>.</summary>
    /// <returns>A JSON object on one line.</returns>
    public string ToJson() => _key.ToJson(Use, Algorithm);
}

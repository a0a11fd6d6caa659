using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// Public keys as a JWK set (RFC 7517 section 5): <c>{"keys":[…]}</c>. A convenience for publishing and for offline checks;
/// trust comes from the keys pinned at enrolment.
/// </summary>
/// <param name="Keys">The keys that sign, newest first.</param>
public sealed record JwkSet(ImmutableArray<Jwk> Keys)
{
    const int MaxBytes = 1 << 20;

    /// <summary>The key to which commitments are sealed; null when the set holds none.</summary>
    public EncryptionJwk? Encryption { get; init; }

    /// <summary>Reads a set.</summary>
    /// <param name="json">A JSON object with <c>keys</c>.</param>
    /// <returns>Its P-256 keys. Keys of another <c>kty</c> or <c>crv</c> are left out, as RFC 7517 asks; one with <c>use</c> <c>enc</c> never signs.</returns>
    /// <exception cref="FormatException">It is not a JWK set, or one of its P-256 keys is broken.</exception>
    public static JwkSet Parse(string json)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json), MaxBytes, "Key set");
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            throw new FormatException("Key set is not a JSON object with an array \"keys\".");

        var found = keys.EnumerateArray().Where(IsP256).ToLookup(IsForEncryption);
        return new JwkSet([.. found[false].Select(Jwk.Read)]) { Encryption = found[true].Select(EncryptionJwk.Read).FirstOrDefault() };
    }

    /// <summary>Finds a key by its name; fits <see cref="Jws.Verify"/>.</summary>
    /// <param name="kid">An RFC 7638 thumbprint.</param>
    /// <returns>The key, or null when the set does not hold it.</returns>
    public Jwk? Find(string kid) => Keys.FirstOrDefault(key => key.Thumbprint == kid);

    /// <summary>Writes the set.</summary>
    /// <returns>A JSON object on one line.</returns>
    public string ToJson()
    {
        var keys = Keys.Select(key => key.ToJson());
        return $$"""{"keys":[{{string.Join(',', Encryption is { } encryption ? keys.Append(encryption.ToJson()) : keys)}}]}""";
    }

    static bool IsForEncryption(JsonElement key) =>
        key.TryGetProperty("use", out var use) && use.ValueKind == JsonValueKind.String && use.ValueEquals("enc");

    static bool IsP256(JsonElement key) =>
        key.ValueKind == JsonValueKind.Object
        && key.TryGetProperty("kty", out var kty) && kty.ValueKind == JsonValueKind.String && kty.ValueEquals("EC")
        && key.TryGetProperty("crv", out var crv) && crv.ValueKind == JsonValueKind.String && crv.ValueEquals("P-256");
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// Compact JWS (RFC 7515), ES256 only (RFC 7518 section 3.4: SHA-256, P-256, signature r‖s of 64 bytes). The algorithm is fixed
/// here and keys come from the caller; nothing in a statement can choose either (RFC 8725). Source: FORMAT.md, "JWS".
/// </summary>
public static class Jws
{
    /// <summary>The longest compact JWS, in characters: room for the largest ledger entry.</summary>
    public const int MaxLength = 3 << 19;

    const string Algorithm = "ES256";
    const int MaxHeaderBytes = 4096;
    const int SignatureBytes = 64;

    /// <summary>Signs bytes. ECDSA signatures are random: signing the same bytes again gives another text.</summary>
    /// <param name="payload">What is stated; travels byte for byte.</param>
    /// <param name="type">One of <see cref="StatementTypes"/>.</param>
    /// <param name="key">A P-256 key with its private half.</param>
    /// <returns>The compact JWS with the header <c>{"alg":"ES256","typ":type,"kid":thumbprint}</c>.</returns>
    /// <exception cref="ArgumentException">The key is on another curve, or the payload is too large.</exception>
    public static string Sign(ReadOnlySpan<byte> payload, string type, ECDsa key) => Sign(payload, type, key, Jwk.FromKey(key));

    /// <summary>The same for whoever keeps the public half at hand: to take it out of the key costs as much as a signature.</summary>
    /// <param name="payload">What is stated; travels byte for byte.</param>
    /// <param name="type">One of <see cref="StatementTypes"/>.</param>
    /// <param name="key">A P-256 key with its private half.</param>
    /// <param name="own">The public half of the same key; with another one the statement would verify nowhere.</param>
    /// <returns>The compact JWS.</returns>
    /// <exception cref="ArgumentException">The payload is too large.</exception>
    public static string Sign(ReadOnlySpan<byte> payload, string type, ECDsa key, Jwk own)
    {
        var header = $$"""{"alg":"{{Algorithm}}","typ":"{{JsonEncodedText.Encode(type, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}}","kid":"{{own.Thumbprint}}"}""";
        var signed = $"{StrictBase64Url.Encode(Encoding.UTF8.GetBytes(header))}.{StrictBase64Url.Encode(payload)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var compact = $"{signed}.{StrictBase64Url.Encode(signature)}";
        return compact.Length <= MaxLength
            ? compact
            : throw new ArgumentException($"The payload of {payload.Length} bytes does not fit into a JWS of {MaxLength} characters.", nameof(payload));
    }

    /// <summary>Checks a statement. Never throws because of what is in it.</summary>
    /// <param name="compact">The text as it was received.</param>
    /// <param name="type">The only <c>typ</c> accepted.</param>
    /// <param name="keyByKid">Looks a key up among those pinned; null when it is not one of them.</param>
    /// <returns>The payload and the key, or the first fault. Members such as <c>jku</c>, <c>x5u</c> and <c>jwk</c> are never looked at.</returns>
    public static JwsCheck Verify(string compact, string type, Func<string, Jwk?> keyByKid)
    {
        if (compact.Length > MaxLength)
            return JwsCheck.Refuse(JwsFault.Malformed, $"The JWS has {compact.Length} characters; at most {MaxLength} are allowed.");

        var parts = compact.Split('.', 4);
        if (parts.Length != 3
            || StrictBase64Url.Decode(parts[0]) is not { } header
            || StrictBase64Url.Decode(parts[1]) is not { } payload
            || StrictBase64Url.Decode(parts[2]) is not { } signature)
            return JwsCheck.Refuse(JwsFault.Malformed, "The JWS is not three parts of unpadded base64url.");

        if (KidOf(header, type, out var kid) is { } refused)
            return refused;
        if (keyByKid(kid) is not { } jwk || jwk.Thumbprint != kid)
            return JwsCheck.Refuse(JwsFault.UnknownKey, "The JWS is signed with a key that is not pinned.");

        var holds = signature.Length == SignatureBytes
            && jwk.Verify(Encoding.ASCII.GetBytes(compact, 0, parts[0].Length + 1 + parts[1].Length), signature);
        return holds ? JwsCheck.Holds(payload, jwk) : JwsCheck.Refuse(JwsFault.BadSignature, "The signature does not fit.");
    }

    /// <summary>What a statement says it is, before anything of it is checked.</summary>
    /// <param name="compact">The text as it was received.</param>
    /// <returns>Its <c>typ</c>; null when there is none to be read.</returns>
    public static string? TypeOf(string compact)
    {
        var dot = compact.IndexOf('.', StringComparison.Ordinal);
        if (dot is < 0 or > 2 * MaxHeaderBytes || StrictBase64Url.Decode(compact.AsSpan(0, dot)) is not { } header)
            return null;

        try
        {
            using var document = StrictJson.Parse(header, MaxHeaderBytes, "The JWS header");
            return document.RootElement.ValueKind == JsonValueKind.Object ? Text(document.RootElement, "typ") : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static JwsCheck? KidOf(byte[] header, string type, out string kid)
    {
        kid = "";
        try
        {
            using var document = StrictJson.Parse(header, MaxHeaderBytes, "The JWS header");
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return JwsCheck.Refuse(JwsFault.Malformed, "The JWS header is not a JSON object.");
            if (root.TryGetProperty("crit", out _))
                return JwsCheck.Refuse(JwsFault.Malformed, "The JWS header demands extensions (crit); none is known.");
            if (Text(root, "alg") != Algorithm)
                return JwsCheck.Refuse(JwsFault.WrongAlgorithm, $"The JWS is not signed with {Algorithm}.");
            if (Text(root, "typ") != type)
                return JwsCheck.Refuse(JwsFault.WrongType, $"The JWS is not of type {type}.");

            kid = Text(root, "kid") ?? "";
            return null;
        }
        catch (FormatException e)
        {
            return JwsCheck.Refuse(JwsFault.Malformed, e.Message);
        }
    }

    static string? Text(JsonElement header, string name) =>
        header.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

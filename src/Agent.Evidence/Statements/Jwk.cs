using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>A public P-256 key as a JSON Web Key (RFC 7517, RFC 7518 section 6.2). Always a point of the curve.</summary>
public sealed record Jwk
{
    internal const int MaxBytes = 4096;

    const int CoordinateBytes = 32;

    // To check that a point is on the curve costs more than to check a signature, so a key that was made is kept for the next,
    // as many as were ever in use at once.
    // Whoever takes it has it alone: an ECDsa promises nothing about concurrent use.
    readonly ConcurrentStack<ECDsa> _idle;

    Jwk(string x, string y) => (X, Y, _idle) = (x, y, new());

    // A copy has no part in the keys that are kept.
    Jwk(Jwk other) => (X, Y, _idle) = (other.X, other.Y, new());

    /// <summary>The x coordinate, base64url of 32 bytes.</summary>
    public string X { get; }

    /// <summary>The y coordinate, base64url of 32 bytes.</summary>
    public string Y { get; }

    /// <summary>
    /// The key's name everywhere (<c>kid</c>): SHA-256 over the required members in alphabetical order, base64url (RFC 7638).
    /// </summary>
    /// <remarks>Worked out once: every statement that is checked asks for it several times.</remarks>
    public string Thumbprint => field ??= StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(
        $$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));

    /// <summary>Takes the public half of a key.</summary>
    /// <param name="key">A P-256 key; its private half is neither needed nor read.</param>
    /// <returns>The public key.</returns>
    /// <exception cref="ArgumentException">The key is on another curve.</exception>
    public static Jwk FromKey(ECDsa key) => FromParameters(key.ExportParameters(includePrivateParameters: false), nameof(key));

    internal static Jwk FromParameters(ECParameters parameters, string argument)
    {
        // Windows names the curve of a key it stores without an OID.
        var oid = parameters.Curve.IsNamed ? parameters.Curve.Oid : null;
        var isP256 = oid?.Value is { } value ? value == ECCurve.NamedCurves.nistP256.Oid.Value : oid?.FriendlyName == "nistP256";
        return isP256
            ? new Jwk(StrictBase64Url.Encode(parameters.Q.X), StrictBase64Url.Encode(parameters.Q.Y))
            : throw new ArgumentException("The key is not on curve P-256.", argument);
    }

    /// <summary>Reads a key. <c>use</c>, <c>alg</c> and <c>kid</c> may be absent but must not contradict; other members are ignored.</summary>
    /// <param name="json">A JSON object.</param>
    /// <returns>The key.</returns>
    /// <exception cref="FormatException">It is not a public P-256 key for ES256, or it carries the private part <c>d</c>.</exception>
    public static Jwk Parse(string json)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json), MaxBytes, "Key");
        return Read(document.RootElement);
    }

    /// <summary>Reads a key that stands inside another JSON document; otherwise as <see cref="Parse"/>.</summary>
    /// <param name="element">A JSON object.</param>
    /// <returns>The key.</returns>
    /// <exception cref="FormatException">As in <see cref="Parse"/>.</exception>
    public static Jwk Read(JsonElement element) => Read(element, "sig", "ES256");

    internal static Jwk Read(JsonElement element, string use, string algorithm)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException("Key is not a JSON object.");
        if (element.TryGetProperty("d", out _))
            throw new FormatException("Key carries its private part \"d\"; only the public key belongs here.");

        Require("kty", "EC", optional: false);
        Require("crv", "P-256", optional: false);
        Require("use", use, optional: true);
        Require("alg", algorithm, optional: true);
        var key = new Jwk(Coordinate("x"), Coordinate("y"));
        Require("kid", key.Thumbprint, optional: true);
        try
        {
            key.ToKey().Dispose();
        }
        catch (CryptographicException e)
        {
            throw new FormatException("Key: x and y are not a point of P-256.", e);
        }

        return key;

        void Require(string name, string value, bool optional)
        {
            if (!element.TryGetProperty(name, out var found))
            {
                if (!optional)
                    throw new FormatException($"Key: \"{name}\" is missing.");
            }
            else if (found.ValueKind != JsonValueKind.String || found.GetString() != value)
            {
                throw new FormatException($"Key: \"{name}\" must be \"{value}\".");
            }
        }

        string Coordinate(string name) =>
            element.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String
            && StrictBase64Url.Decode(found.GetString()) is { Length: CoordinateBytes }
                ? found.GetString()!
                : throw new FormatException($"Key: \"{name}\" is not base64url of {CoordinateBytes} bytes.");
    }

    /// <summary>Two keys are equal when they are the same point.</summary>
    /// <param name="other">The key to compare with.</param>
    /// <returns>Whether both coordinates are equal.</returns>
    public bool Equals(Jwk? other) => other is not null && X == other.X && Y == other.Y;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(X, Y);

    internal bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
#pragma warning disable CA2000 // It is kept for the next.
        var key = _idle.TryPop(out var kept) ? kept : ToKey();
#pragma warning restore CA2000
        var holds = key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _idle.Push(key);
        return holds;
    }

    /// <summary>Makes the key that checks signatures.</summary>
    /// <returns>A new key; the caller disposes of it.</returns>
    public ECDsa ToKey() => ECDsa.Create(ToParameters());

    internal ECParameters ToParameters() => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = StrictBase64Url.Decode(X), Y = StrictBase64Url.Decode(Y) },
    };

    /// <summary>Writes the key with <c>kid</c>, <c>use</c> and <c>alg</c>.</summary>
    /// <returns>A JSON object on one line.</returns>
    public string ToJson() => ToJson("sig", "ES256");

    internal string ToJson(string use, string algorithm) =>
        $$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","kid":"{{Thumbprint}}","use":"{{use}}","alg":"{{algorithm}}"}""";
}

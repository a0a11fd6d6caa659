using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;

namespace Agent.Cli;

/// <summary>
/// The keys that are believed, as given by <c>--jwks</c>: a JWK set, or the file with which an agent is pinned
/// (<c>{"site":…,"agent":…,"key":…}</c>), which also says whom its key may speak for.
/// </summary>
internal sealed class PinnedKeys
{
    const int MaxBytes = 1 << 20;

    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    readonly JwkSet _keys;

    PinnedKeys(string source, JwkSet keys, string? site = null, string? agent = null) =>
        (Source, _keys, Site, Agent) = (source, keys, site, agent);

    /// <summary>Where they came from.</summary>
    public string Source { get; }

    /// <summary>The only site the key may speak for; null when only keys are known.</summary>
    public string? Site { get; }

    /// <summary>The only agent the key may speak for; null when only keys are known.</summary>
    public string? Agent { get; }

    /// <summary>The newest key.</summary>
    public Jwk First => _keys.Keys[0];

    /// <summary>Finds a key by its name; fits <see cref="Jws.Verify"/>.</summary>
    public Jwk? Find(string kid) => _keys.Find(kid);

    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="FormatException">They are neither of the two.</exception>
    public static async Task<PinnedKeys> ReadAsync(string source, CancellationToken cancel)
    {
        var bytes = await FileOrUrl.ReadAsync(source, MaxBytes, cancel);
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            var keys = document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("key", out var key)
                ? OfPin(source, root, key)
                : new PinnedKeys(source, JwkSet.Parse(Encoding.UTF8.GetString(bytes)));
            return keys._keys.Keys.IsEmpty ? throw new FormatException("it holds no P-256 key.") : keys;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw new FormatException($"{source} holds no keys to check with: {e.Message}", e);
        }
    }

    static PinnedKeys OfPin(string source, JsonElement root, JsonElement key)
    {
        if (root.TryGetProperty("revoked", out var revoked) && revoked.ValueKind != JsonValueKind.False)
            throw new FormatException("its key was revoked; nothing signed with it is believed.");

        return new PinnedKeys(source, new JwkSet([Jwk.Read(key)]), Text("site"), Text("agent"));

        string Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new FormatException($"\"{name}\" is missing.");
    }
}

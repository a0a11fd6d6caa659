using System.Globalization;
using System.Text.Json;

namespace Agent.Evidence.Chain;

/// <summary>
/// Walks a JSON object whose keys are fixed in name and order. Anything missing, extra or out of order is a
/// <see cref="FormatException"/> that names the key.
/// </summary>
sealed class OrderedFields
{
    /// <summary>The largest whole number every JSON reader keeps exactly (RFC 7493, I-JSON).</summary>
    public const long LargestWhole = (1L << 53) - 1;

    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    readonly string _what;
    JsonElement.ObjectEnumerator _fields;

    public OrderedFields(JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{what} is not a JSON object.");

        _what = what;
        _fields = element.EnumerateObject();
    }

    public JsonElement Next(string key)
    {
        if (!_fields.MoveNext())
            throw new FormatException($"{_what}: \"{key}\" is missing.");
        if (!_fields.Current.NameEquals(key))
            throw new FormatException($"{_what}: expected \"{key}\" where \"{_fields.Current.Name}\" stands; keys are fixed in name and order.");

        return _fields.Current.Value;
    }

    public string NextString(string key) => Next(key) is { ValueKind: JsonValueKind.String } value
        ? value.GetString()!
        : throw Wrong(key, "a string");

    public string? NextStringOrNull(string key) => Next(key) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Null } => null,
        _ => throw Wrong(key, "a string or null"),
    };

    public long NextWhole(string key, long least) =>
        Next(key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var whole) && whole >= least && whole <= LargestWhole
            ? whole
            : throw Wrong(key, $"a whole number from {least} to {LargestWhole}");

    public Guid NextGuid(string key) =>
        Guid.TryParseExact(NextString(key), "D", out var guid) ? guid : throw Wrong(key, "a UUID");

    public DateTimeOffset NextTime(string key) => ParseTime(NextString(key)) ?? throw Wrong(key, "a time like 2026-11-23T10:00:00.000Z");

    public void End()
    {
        if (_fields.MoveNext())
            throw new FormatException($"{_what}: unknown key \"{_fields.Current.Name}\".");
    }

    public FormatException Wrong(string key, string expected) => new($"{_what}: \"{key}\" is not {expected}.");

    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset? ParseTime(string text) => DateTimeOffset.TryParseExact(
        text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        ? time
        : null;
}

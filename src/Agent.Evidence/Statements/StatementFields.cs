using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Timelines;

namespace Agent.Evidence.Statements;

/// <summary>
/// How values stand in a statement. A time is text as in the ledger. A range is a pair of whole Unix milliseconds: thousands of them
/// travel, and so they are half as long as two texts and can be subtracted in any language. A duration is in seconds, to the millisecond.
/// </summary>
static class StatementFields
{
    /// <summary>The longest duration, in seconds: a little over a year and a half.</summary>
    public const int MostSeconds = 600 * 86400;

    /// <summary>As ReceiptCodec writes; what would be escaped differently by others is refused everywhere in a statement.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // 2200-01-01: far enough, and everything derived from such a time still is one.
    const long LatestMilliseconds = 7_258_118_400_000;

    const int LongestToken = 128;

    static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-");

    static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;
    static readonly DateTimeOffset Latest = DateTimeOffset.FromUnixTimeMilliseconds(LatestMilliseconds);

    /// <summary>Only characters that no JSON writer in any language escapes.</summary>
    public static string NextToken(this OrderedFields fields, string key, SearchValues<char>? characters = null) =>
        fields.NextString(key) is var text && IsToken(text, characters ?? TokenCharacters)
            ? text
            : throw fields.Wrong(key, $"1 to {LongestToken} of the characters allowed there");

    public static string? NextTokenOrNull(this OrderedFields fields, string key) => fields.NextStringOrNull(key) switch
    {
        null => null,
        var text when IsToken(text, TokenCharacters) => text,
        _ => throw fields.Wrong(key, $"null or 1 to {LongestToken} of the characters allowed there"),
    };

    public static string NextHash(this OrderedFields fields, string key) =>
        fields.NextString(key) is var text && EntryCodec.IsHash(text) ? text : throw fields.Wrong(key, "64 lower-case hex digits");

    public static string? NextHashOrNull(this OrderedFields fields, string key) => fields.NextStringOrNull(key) switch
    {
        null => null,
        var hash when EntryCodec.IsHash(hash) => hash,
        _ => throw fields.Wrong(key, "null or 64 lower-case hex digits"),
    };

    public static long? NextWholeOrNull(this OrderedFields fields, string key, long least) => fields.Next(key) switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var whole) && whole >= least && whole <= OrderedFields.LargestWhole => whole,
        _ => throw fields.Wrong(key, $"null or a whole number from {least} to {OrderedFields.LargestWhole}"),
    };

    /// <summary>base64url of so many bytes.</summary>
    public static byte[] NextBytes(this OrderedFields fields, string key, int least, int most) =>
        StrictBase64Url.Decode(fields.NextString(key)) is { } bytes && bytes.Length >= least && bytes.Length <= most
            ? bytes
            : throw fields.Wrong(key, $"base64url of {least} to {most} bytes");

    public static void NextVersion(this OrderedFields fields, int known)
    {
        if (fields.NextWhole("v", least: 1) is var version && version != known)
            throw fields.Wrong("v", $"{known}: version {version} is not known");
    }

    public static DateTimeOffset NextInstant(this OrderedFields fields, string key) =>
        fields.NextTime(key) is var time && time >= Earliest && time <= Latest ? time : throw fields.Wrong(key, "a time from 1970 to 2199");

    public static DateTimeOffset? NextInstantOrNull(this OrderedFields fields, string key) =>
        fields.NextStringOrNull(key) is not { } text ? null
        : OrderedFields.ParseTime(text) is { } time && time >= Earliest && time <= Latest ? time
        : throw fields.Wrong(key, "null or a time from 1970 to 2199");

    public static TimeRange NextRange(this OrderedFields fields, string key) =>
        RangeOf(fields.Next(key)) ?? throw fields.Wrong(key, "a range [from,to] in whole Unix milliseconds, from before to");

    public static TimeRange? NextRangeOrNull(this OrderedFields fields, string key)
    {
        var value = fields.Next(key);
        return value.ValueKind == JsonValueKind.Null ? null
            : RangeOf(value) ?? throw fields.Wrong(key, "null or a range [from,to] in whole Unix milliseconds, from before to");
    }

    public static RangeSet NextRanges(this OrderedFields fields, string key)
    {
        var ranges = fields.NextArray(key, int.MaxValue, "ranges")
            .Select(r => RangeOf(r) ?? throw fields.Wrong(key, "an array of ranges [from,to] in whole Unix milliseconds, from before to"))
            .ToList();
        // Ascending and apart: one way only to say the same.
        for (var i = 1; i < ranges.Count; i++)
            if (ranges[i].From <= ranges[i - 1].To)
                throw fields.Wrong(key, $"ascending with time between the ranges: number {i} does not begin after the one before it ends");
        return RangeSet.Of(ranges);
    }

    public static JsonElement[] NextArray(this OrderedFields fields, string key, int most, string what) =>
        fields.Next(key) is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() <= most
            ? [.. array.EnumerateArray()]
            : throw fields.Wrong(key, most == int.MaxValue ? $"an array of {what}" : $"an array of at most {most} {what}");

    public static TimeSpan NextSeconds(this OrderedFields fields, string key) =>
        SecondsOf(fields.Next(key)) ?? throw fields.Wrong(key, $"seconds from 0 to {MostSeconds} with at most three decimals");

    public static TimeSpan? NextSecondsOrNull(this OrderedFields fields, string key)
    {
        var value = fields.Next(key);
        return value.ValueKind == JsonValueKind.Null ? null
            : SecondsOf(value) ?? throw fields.Wrong(key, $"null or seconds from 0 to {MostSeconds} with at most three decimals");
    }

    public static bool NextBoolean(this OrderedFields fields, string key) => fields.Next(key).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw fields.Wrong(key, "true or false"),
    };

    public static int NextCount(this OrderedFields fields, string key, int least, int most) =>
        fields.NextWhole(key, least) is var count && count <= most ? (int)count : throw fields.Wrong(key, $"a whole number from {least} to {most}");

    /// <summary>A value of an enumeration, as <see cref="Word"/> writes it.</summary>
    public static T NextWord<T>(this OrderedFields fields, string key)
        where T : struct, Enum => EnumWords<T>.FromWord(fields.NextString(key)) ?? throw fields.Wrong(key, $"one of {Words<T>()}");

    public static T? NextWordOrNull<T>(this OrderedFields fields, string key)
        where T : struct, Enum => fields.NextStringOrNull(key) is { } text ? EnumWords<T>.FromWord(text) ?? throw fields.Wrong(key, $"null or one of {Words<T>()}") : null;

    /// <summary>A stable code, written as its name: reasons and findings.</summary>
    public static T? CodeOf<T>(string? text)
        where T : struct, Enum => EnumWords<T>.FromName(text);

    /// <summary>"FirstSeen" is written "first-seen".</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => EnumWords<T>.Word(value);

    public static void WriteInstant(this Utf8JsonWriter json, string key, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteString(key, OrderedFields.FormatTime(known));
        else
            json.WriteNull(key);
    }

    public static void WriteRange(this Utf8JsonWriter json, string key, TimeRange? range)
    {
        json.WritePropertyName(key);
        if (range is { } known)
            json.WriteRangeValue(known);
        else
            json.WriteNullValue();
    }

    public static void WriteRanges(this Utf8JsonWriter json, string key, RangeSet ranges)
    {
        json.WriteStartArray(key);
        foreach (var range in ranges)
            json.WriteRangeValue(range);
        json.WriteEndArray();
    }

    public static void WriteSeconds(this Utf8JsonWriter json, string key, TimeSpan? span)
    {
        if (span is { } known)
            json.WriteNumber(key, Shortest(SecondsOf(known)));
        else
            json.WriteNull(key);
    }

    /// <summary>A duration in seconds, cut to milliseconds.</summary>
    public static decimal SecondsOf(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond / 1000m;

    /// <summary>The same number without zeros at its end.</summary>
    public static decimal Shortest(decimal number) => number / 1.0000000000000000000000000000m;

    static void WriteRangeValue(this Utf8JsonWriter json, TimeRange range)
    {
        json.WriteStartArray();
        json.WriteNumberValue(range.From.ToUnixTimeMilliseconds());
        json.WriteNumberValue(range.To.ToUnixTimeMilliseconds());
        json.WriteEndArray();
    }

    static bool IsToken(string text, SearchValues<char> characters) => text.Length is > 0 and <= LongestToken && !text.AsSpan().ContainsAnyExcept(characters);

    static TimeRange? RangeOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2)
            return null;
        return WholeOf(value[0]) is { } from && WholeOf(value[1]) is { } to ? RangeOf(from, to) : null;
    }

    /// <summary>The range between two Unix times in milliseconds; null unless the first comes before the second and both are in bounds.</summary>
    public static TimeRange? RangeOf(long from, long to) => from >= 0 && from < to && to <= LatestMilliseconds
        ? new TimeRange(DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to))
        : null;

    static long? WholeOf(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) ? whole : null;

    static TimeSpan? SecondsOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var seconds) && seconds is >= 0 and <= MostSeconds
            && decimal.IsInteger(seconds * 1000)
            ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;

    static string Words<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Word));
}

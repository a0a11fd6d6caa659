using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Ledger;

/// <summary>The wall clock did not go where time took it.</summary>
/// <param name="From">What it would have said; across boots the last it did say, because nobody knows how long the machine was off.</param>
/// <param name="To">Both clocks after the step.</param>
/// <param name="SameBoot">Whether the monotonic clock bears witness to its size.</param>
sealed record ClockStep(DateTimeOffset From, ClockReading To, bool SameBoot)
{
    static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(500);
    const double LargestDrift = 500e-6;

    /// <summary>How far it was set; negative when back.</summary>
    public TimeSpan Size => To.Wall - From;

    /// <summary>How far two clocks may part in a stretch of time without anybody having set one: half a second and 500 ppm.</summary>
    public static TimeSpan Tolerance(TimeSpan elapsed) => Jitter + (elapsed.Duration() * LargestDrift);

    /// <summary>The step between two readings; null when the wall clock just went on.</summary>
    public static ClockStep? Between(ClockReading before, ClockReading after)
    {
        if (before.Boot != after.Boot)
            return after.Wall < before.Wall ? new ClockStep(before.Wall, after, SameBoot: false) : null;

        var elapsed = TimeSpan.FromMilliseconds(after.Monotonic - before.Monotonic);
        var expected = before.Wall + elapsed;
        return (after.Wall - expected).Duration() > Tolerance(elapsed) ? new ClockStep(expected, after, SameBoot: true) : null;
    }

    /// <summary>Reads the step back from its entry; null when it holds none.</summary>
    public static ClockStep? Of(LedgerEntry entry)
    {
        if (entry.Type != EntryTypes.ClockStep)
            return null;
        using var body = JsonDocument.Parse(entry.Body);
        return body.RootElement.TryGetProperty("from", out var from) && from.ValueKind == JsonValueKind.String && from.TryGetDateTimeOffset(out var instant)
            && body.RootElement.TryGetProperty("sameBoot", out var same) && same.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? new ClockStep(instant, ReadingOf(entry), same.GetBoolean())
            : null;
    }

    public static ClockReading ReadingOf(LedgerEntry entry) => new(entry.Time, entry.Boot, entry.MonotonicMilliseconds);
}

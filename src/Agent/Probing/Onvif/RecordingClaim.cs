using Agent.Evidence.Timelines;

namespace Agent.Probing.Onvif;

/// <summary>The bounds that a recorder states of a camera's footage (EarliestRecording, DataFrom and their ends). Of what lies between they say nothing.</summary>
internal static class RecordingClaim
{
    // A file may be told of only when it is closed, and some close one an hour.
    static readonly TimeSpan ToldLate = TimeSpan.FromHours(1);

    // The oldest edge moves between two calls.
    static readonly TimeSpan Moving = TimeSpan.FromHours(1);

    /// <summary>The bounds within a time, on the recorder's clock; null when it states none, or none that are possible.</summary>
    public static TimeRange? Of(IReadOnlyList<StoredRecording> stored, TimeRange asked)
    {
        // One that does not say may reach beyond all others.
        if (stored.Any(r => r.Latest is null) || stored.Max(r => r.Latest) is not { } latest || latest < asked.From)
            return null;
        var earliest = stored.Any(r => r.Earliest is null) ? asked.From : stored.Min(r => r.Earliest) ?? asked.From;
        var to = latest + ToldLate < asked.To ? latest + ToldLate : asked.To;
        var from = earliest > asked.From ? earliest : asked.From;
        return from < to ? new TimeRange(from, to) : null;
    }

    /// <summary>Whether the bounds tell something beside what was listed: where that is silent, or where the recorder lists what its own bounds deny.</summary>
    public static bool AddsTo(TrackHistory seen, RangeSet bounds) =>
        seen.Unseen.Except(bounds).Length > TimeSpan.Zero || seen.Recorded.Except(bounds).Length > Moving;
}

namespace Agent.Evidence.Verdicts;

/// <summary>What is asked of a camera: days, loss budgets, freshness. Everything here travels in the heartbeat.</summary>
public sealed record RetentionPolicy
{
    /// <summary>The least time after the newest footage that is not judged.</summary>
    public static readonly TimeSpan LeastFreshness = TimeSpan.FromMinutes(15);

    /// <summary>Days that bind this camera.</summary>
    public int RequiredDays { get; init; } = 15;

    /// <summary>Loss a site-local day may have, and the longest single hole that does not break a run.</summary>
    public TimeSpan DailyLoss { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Loss seven consecutive site-local days may have while a hole is still only an interruption.</summary>
    public TimeSpan WeeklyLoss { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Days every camera is judged against, whatever binds: 7, 15 and 30.</summary>
    public IReadOnlyList<int> AlwaysMeasured { get; init; } = [.. LegalBasis.Measured.Select(b => b.Days)];

    /// <summary>The numbers of days judged: those always measured and what binds, ascending.</summary>
    public IReadOnlyList<int> MeasuredDays => [.. AlwaysMeasured.Append(RequiredDays).Distinct().Order()];

    /// <summary>How old the newest footage may be: 15 minutes, or twice the camera's usual segment when that is longer.</summary>
    public static TimeSpan FreshnessFor(TimeSpan usualSegment) =>
        usualSegment * 2 > LeastFreshness ? usualSegment * 2 : LeastFreshness;
}

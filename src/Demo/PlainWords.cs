using System.Globalization;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Demo;

/// <summary>Says what a statement claims so that anyone understands it. Times are the site's.</summary>
internal static class PlainWords
{
    /// <summary>"4 d 12 h", "1 h 30 min".</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{(int)span.TotalDays} d {span.Hours} h",
        { TotalHours: >= 1 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalMinutes} min",
    };

    /// <summary>Why a camera got its verdict for a number of days.</summary>
    public static string Why(CameraStatement camera, int days)
    {
        var threshold = camera.Claimed.Thresholds.First(t => t.Days == days);
        return threshold.Reasons.IsEmpty ? "nothing is missing" : string.Join("; ", threshold.Reasons.Select(reason => Reason(reason, camera)));
    }

    static string Reason(VerdictReason reason, CameraStatement camera) => reason switch
    {
        VerdictReason.ContinuityBroken when BrokenBy(camera) is { } hole => $"a hole of {Span(hole.Length)} on {When(hole)}",
        VerdictReason.ContinuityBroken => "footage is missing beyond what a day may lose",
        VerdictReason.WeeklyLossExceeded => $"more than {Span(camera.Policy.WeeklyLoss)} missing within a week",
        VerdictReason.NotRecordingNow => "it does not record now",
        VerdictReason.NoFootage => "there is no footage",
        VerdictReason.KeptSinceCommissioning => "younger than that, everything since it was installed is there",
        VerdictReason.CommissioningUnknown => "nobody has said when it was installed",
        VerdictReason.CommissioningContradicted => "its footage is older than its stated installation",
        VerdictReason.BeginsLate => "its footage begins too late",
        VerdictReason.OverwrittenEarly => "footage was overwritten too early",
        VerdictReason.VanishedEarly => "footage went too early",
        VerdictReason.CouldNotLook => "part of it could not be looked at",
        VerdictReason.StaleLook => "the newest look is too old",
        VerdictReason.UnprovenLayout => "its layout was never held against a real recorder",
        _ => reason.ToString(),
    };

    static TimeRange? BrokenBy(CameraStatement camera)
    {
        foreach (var gap in camera.Timeline.Gaps)
            if (gap.To == camera.Claimed.ContinuousSince && gap.From > camera.Claimed.Oldest)
                return gap;
        return null;
    }

    static string When(TimeRange range)
    {
        var (from, to) = (TimeZoneInfo.ConvertTime(range.From, SiteConfiguration.Zone), TimeZoneInfo.ConvertTime(range.To, SiteConfiguration.Zone));
        var end = to.ToString(from.Date == to.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"{from.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} to {end}";
    }
}

using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing.Files;

namespace Agent.Rounds;

/// <summary>Says what was measured so that a local admin understands it. Site-local times; never "compliant" alone.</summary>
internal sealed class PlainWords(SiteCalendar calendar)
{
    /// <summary>"front_door: 9 d 4 h without a break; Hangzhou Art. 19, 15 d: breached, because of a hole of 4 h 0 min on 2026-11-18 …".</summary>
    public string Sentence(CameraReport report) =>
        $"{Printable.Text(report.Camera)}: {Age(report.Assessment)}; {Threshold(report, report.Assessment.Binding)}";

    /// <summary>"9 d 4 h without a break".</summary>
    public static string Age(CameraAssessment assessment) => assessment switch
    {
        { ContinuousAge: null } => "nothing could be seen",
        { Oldest: null } => "no footage",
        { ContinuousAge: { } proved, ContinuousAgeAtMost: var most } when most - proved > TimeSpan.FromMinutes(1) =>
            $"{Span(proved)} without a break, as far as could be seen (at most {Span(most)})",
        _ => $"{Span(assessment.ContinuousAge.Value)} without a break",
    };

    /// <summary>"Hangzhou Art. 19, 15 d: breached, because …".</summary>
    public string Threshold(CameraReport report, ThresholdVerdict threshold)
    {
        var rule = LegalBasis.For(threshold.Days)?.ToString() ?? $"{threshold.Days} d";
        var verdict = threshold.Verdict.ToString().ToLowerInvariant();
        if (Decides(VerdictReason.ContinuityBroken, threshold) && report.Assessment.BrokenBy is { } hole)
            verdict += $" since {When(hole.From)}";
        var because = Because(report, threshold);
        return because.Length == 0 ? $"{rule}: {verdict}" : $"{rule}: {verdict}, {because}";
    }

    /// <summary>A range on the site's clock: "2026-11-18 14:00:00 to 18:00:00".</summary>
    public string When(TimeRange range)
    {
        var (from, to) = (Local(range.From), Local(range.To));
        return from.Date == to.Date ? $"{Text(from)} to {to.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}" : $"{Text(from)} to {Text(to)}";
    }

    /// <summary>An instant on the site's clock.</summary>
    public string When(DateTimeOffset instant) => Text(Local(instant));

    /// <summary>"9 d 4 h", "4 h 0 min", "12 min 5 s", "8 s": the two units that matter.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{(int)span.TotalDays} d {span.Hours} h",
        { TotalHours: >= 1 } => $"{span.Hours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{span.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s",
    };

    string Because(CameraReport report, ThresholdVerdict threshold) =>
        string.Join("; ", threshold.Reasons.Where(r => Decides(r, threshold)).Select(r => Reason(r, report, threshold)));

    /// <summary>A breach is not explained by what would only have left a question open, nor an open question by a hole beside it.</summary>
    static bool Decides(VerdictReason reason, ThresholdVerdict threshold) =>
        threshold.Reasons.Contains(reason) && (threshold.Verdict switch
        {
            Verdict.Breached or Verdict.Interrupted => !LeavesOpen(reason) && reason != VerdictReason.KeptSinceCommissioning,
            Verdict.Undetermined => LeavesOpen(reason),
            _ => true,
        });

    static bool LeavesOpen(VerdictReason reason) => reason is VerdictReason.CommissioningUnknown
        or VerdictReason.CommissioningContradicted or VerdictReason.CouldNotLook or VerdictReason.StaleLook or VerdictReason.UnprovenLayout;

    string Reason(VerdictReason reason, CameraReport report, ThresholdVerdict threshold)
    {
        var a = report.Assessment;
        return reason switch
        {
            VerdictReason.ContinuityBroken when a.BrokenBy is { } hole && a.ContinuousSince > hole.From =>
                $"because of a hole of {Span(hole.Length)} until {When(hole.To)}",
            VerdictReason.ContinuityBroken => "because footage is missing beyond what a day may lose",
            VerdictReason.WeeklyLossExceeded => $"more than {Span(report.Policy.WeeklyLoss)} missing within seven days",
            VerdictReason.NotRecordingNow => a.Newest is { } newest ? $"it does not record now: the newest footage ends {When(newest)}" : "it does not record now",
            VerdictReason.NoFootage => "there is no footage",
            VerdictReason.CommissioningUnknown when a.Reach is { } reach =>
                $"because footage reaches back {Span(reach)} and nobody has said when the camera was commissioned (declare \"commissioned\", or --commissioned DATE)",
            VerdictReason.CommissioningUnknown => "nobody has said when the camera was commissioned",
            VerdictReason.CommissioningContradicted => $"because footage from {When(a.Oldest ?? a.AsOf)} is older than the stated commissioning",
            VerdictReason.KeptSinceCommissioning => "everything since its commissioning is kept, the camera is younger than that",
            VerdictReason.BeginsLate => a.Oldest is { } oldest ? $"because its footage begins only {When(oldest)}" : "because it has no footage",
            VerdictReason.OverwrittenEarly => $"because footage was overwritten before it was {threshold.Days} d old",
            VerdictReason.VanishedEarly => $"because footage went before it was {threshold.Days} d old (Art. 21(1) is what to examine)",
            VerdictReason.CouldNotLook => $"because {Span(threshold.Coverage.Unknown)} could not be looked at",
            VerdictReason.StaleLook => $"because the newest look is from {When(report.Evidence.LookedAt)}",
            VerdictReason.UnprovenLayout => "because its layout was never held against a real recorder",
            _ => reason.ToString(),
        };
    }

    DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, calendar.Zone);

    static string Text(DateTimeOffset local) => local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

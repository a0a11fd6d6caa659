using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>
/// Judges every camera of a heartbeat again from the evidence in it and compares with what is claimed. What cannot be judged is an
/// answer with a reason, never an exception.
/// </summary>
public static class HeartbeatAuditor
{
    /// <summary>The most that the instant judged and the time the entry was written may lie apart.</summary>
    /// <remarks>An agent may state what the last look gave, up to the least freshness old, and takes a while to write it down.</remarks>
    public static readonly TimeSpan MostApart = 2 * RetentionPolicy.LeastFreshness;

    /// <summary>Judges a heartbeat again.</summary>
    /// <param name="heartbeat">The heartbeat, as <see cref="HeartbeatCodec.Decode"/> read it.</param>
    /// <param name="writtenAt">The time of its ledger entry (<c>t</c>).</param>
    /// <param name="own">
    /// The auditor's own budgets: of this policy <see cref="RetentionPolicy.DailyLoss"/> and <see cref="RetentionPolicy.WeeklyLoss"/>
    /// are used, and only verdicts are compared. Null: the budgets each statement names, and every figure is compared.
    /// </param>
    /// <returns>Agrees, differs with every difference, or not judged with the reason.</returns>
    public static HeartbeatAudit Audit(Heartbeat heartbeat, DateTimeOffset writtenAt, RetentionPolicy? own = null)
    {
        if (heartbeat.Cameras.IsEmpty)
            return new HeartbeatAudit(ServerJudgement.NotJudged, null, []);
        if ((writtenAt - heartbeat.AsOf).Duration() > MostApart)
            return HeartbeatAudit.NotJudged($"It was judged as of {heartbeat.AsOf:yyyy-MM-dd'T'HH:mm:ss'Z'}, more than {MostApart.TotalMinutes:0} min from when it was written.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(heartbeat.TimeZone, out var zone))
            return HeartbeatAudit.NotJudged($"The time zone {heartbeat.TimeZone} is not known here.");

        var calendar = new SiteCalendar(zone);
        if (heartbeat.Cameras.Select(c => FaultOf(c, calendar)).FirstOrDefault(f => f is not null) is { } fault)
            return HeartbeatAudit.NotJudged(fault);

        return HeartbeatAudit.Of([.. heartbeat.Cameras.SelectMany(c => own is null
            ? ClaimComparison.Of(c.Label.Camera, c.Claimed, c.Judge(calendar))
            : ClaimComparison.OfVerdicts(c.Label.Camera, c.Claimed, c.Judge(calendar, Budgets(c.Policy, own))))]);
    }

    /// <summary>Why a statement that reads well still cannot be judged; null when it can.</summary>
    static string? FaultOf(CameraStatement statement, SiteCalendar calendar)
    {
        var asOf = statement.Timeline.Window.To;
        if (statement.LookedAt > asOf)
            return $"Camera {statement.Label.Camera} was looked at after the instant judged.";
        var starts = statement.Policy.MeasuredDays.Select(days => asOf - TimeSpan.FromDays(days)).ToList();
        foreach (var fold in statement.Timeline.Folded)
            if (calendar.Split(fold.Range).Count() != 1 || starts.Exists(s => fold.Range.From < s && s < fold.Range.To))
                return $"Camera {statement.Label.Camera} has gaps folded across a day of the site or the start of a measured number of days.";
        return null;
    }

    // The days stay those of the statement: its evidence reaches back no further.
    static RetentionPolicy Budgets(RetentionPolicy stated, RetentionPolicy own) => stated with { DailyLoss = own.DailyLoss, WeeklyLoss = own.WeeklyLoss };
}

namespace AuditServer.Challenging;

/// <summary>When agents are asked for bytes they committed to.</summary>
/// <param name="LookEvery">How often it is looked what is to be asked.</param>
/// <param name="Every">How often a camera is asked at most.</param>
/// <param name="Patience">How long an answer may take before that is a finding.</param>
/// <param name="After">The age of footage at which it is asked for, for trying it out; null for shortly before it may be overwritten.</param>
sealed record ChallengePlan(TimeSpan LookEvery, TimeSpan Every, TimeSpan Patience, TimeSpan? After = null)
{
    /// <summary>The fewest days that bind anybody (Art. 19).</summary>
    public const int LeastDays = 7;

    // An ask travels with the next receipt and is answered at once; a little less than the required age is left for that.
    static readonly TimeSpan Before = TimeSpan.FromHours(12);
    static readonly TimeSpan Last = TimeSpan.FromHours(1);

    /// <summary>Once a day of each camera.</summary>
    public static ChallengePlan Usual { get; } = new(TimeSpan.FromMinutes(1), TimeSpan.FromDays(1), TimeSpan.FromHours(6));

    /// <summary>The ages of a segment between which it is asked for.</summary>
    /// <param name="requiredDays">What binds its camera.</param>
    /// <param name="seq">Place of the commitment: every second one is asked for at the least days, the others at the required ones.</param>
    /// <returns>From and to.</returns>
    public (TimeSpan From, TimeSpan To) WindowOf(int requiredDays, long seq)
    {
        var days = TimeSpan.FromDays(seq % 2 == 0 ? Math.Min(LeastDays, requiredDays) : requiredDays);
        return After is { } after ? (after, TimeSpan.FromDays(requiredDays)) : (days - Before, days - Last);
    }
}

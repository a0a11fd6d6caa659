using System.ComponentModel.DataAnnotations;
using Agent.Evidence.Verdicts;

namespace Agent.Rounds;

/// <summary>What is asked of every camera unless it is declared otherwise.</summary>
internal sealed class PolicyOptions
{
    public const string Section = "policy";

    /// <summary>Days that bind.</summary>
    [Range(1, 365)]
    public int RequiredDays { get; set; } = 15;

    /// <summary>Loss a site-local day may have.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "23:59:59")]
    public TimeSpan DailyLoss { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Loss seven consecutive site-local days may have while a hole is only an interruption.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "6.23:59:59")]
    public TimeSpan WeeklyLoss { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How far a recorder's own clock may be wrong before somebody is told. Its times are corrected either way.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromSeconds(30);

    public RetentionPolicy For(int? requiredDays) => new()
    {
        RequiredDays = requiredDays ?? RequiredDays,
        DailyLoss = DailyLoss,
        WeeklyLoss = WeeklyLoss,
    };
}

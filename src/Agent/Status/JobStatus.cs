using System.Globalization;
using System.Text.Json.Serialization;

namespace Agent.Status;

/// <summary>One scheduled job, by the monotonic clock: nothing here changes when the clock of the machine is set.</summary>
/// <param name="Job">Its name.</param>
/// <param name="Standing">Whether it moves.</param>
/// <param name="Runs">How often it has run since the agent started.</param>
/// <param name="LastRunSecondsAgo">Time since its last run ended; null before the first.</param>
/// <param name="RunningSeconds">Time since the run that goes on began; null when none does.</param>
/// <param name="EverySeconds">Its period.</param>
/// <param name="LastRunSeconds">How long its last run took; null before the first.</param>
internal sealed record JobStatus(string Job, JobStanding Standing, long Runs, double? LastRunSecondsAgo, double? RunningSeconds, double EverySeconds, double? LastRunSeconds = null)
{
    [JsonIgnore]
    public IEnumerable<string> Warnings => Standing switch
    {
        JobStanding.Overdue => [string.Create(CultureInfo.InvariantCulture, $"'{Job}' should run every {EverySeconds:0} s and {(LastRunSecondsAgo is { } ago ? $"has not for {ago:0} s" : "never has")}")],
        JobStanding.Stuck => [string.Create(CultureInfo.InvariantCulture, $"'{Job}' has been running for {RunningSeconds:0} s and does not end")],
        _ => [],
    };
}

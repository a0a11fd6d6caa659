using Agent.Recorders;
using Quartz;

namespace Agent.Rounds;

/// <summary>Runs the round of one recorder when the schedule says so. Its result is whether a verdict changed.</summary>
[DisallowConcurrentExecution]
internal sealed class RoundJob(RetentionRound round, IReadOnlyList<Recorder> recorders) : IJob
{
    /// <summary>Key of the recorder's id in the job's data.</summary>
    public const string RecorderKey = "recorder";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var id = context.MergedJobDataMap.GetString(RecorderKey);
        context.Result = await round.RunAsync(recorders.Single(r => r.Id == id), cancellationToken);
    }
}

using Agent.Status;

namespace Agent.Hosting;

/// <summary>
/// When each scheduled job ran, by the monotonic clock alone, and so whether the schedule still moves whatever happened to the clock of
/// the machine. Fed by whoever runs the jobs; asked by the watchdog and the status.
/// </summary>
internal sealed class JobTimes
{
    // Half a period and this: a machine under load is late, and a busy recorder is the very place where the agent runs.
    static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    readonly Lock _turn = new();
    readonly Dictionary<string, Times> _times;
    readonly TimeProvider _time;

    public JobTimes(IReadOnlyList<ScheduledJob> jobs, TimeProvider time)
    {
        _time = time;
        var now = time.GetTimestamp();
        _times = jobs.ToDictionary(job => job.Name, job => new Times(job, now), StringComparer.Ordinal);
    }

    /// <summary>A run began.</summary>
    public void Begin(string job) => Note(job, times => (times.Running, times.RenewedAt, times.IsRenewed) = (_time.GetTimestamp(), null, false));

    /// <summary>A run ended, however it did.</summary>
    public void End(string job) => Note(job, times =>
        (times.Took, times.Running, times.Ended, times.Runs) = (Since(times.Running), null, _time.GetTimestamp(), times.Runs + 1));

    /// <summary>Its trigger was made anew, and it has another period to run.</summary>
    public void Renew(string job) => Note(job, times => (times.RenewedAt, times.IsRenewed) = (_time.GetTimestamp(), true));

    /// <summary>How every job stands now.</summary>
    public IReadOnlyList<JobStatus> Look()
    {
        lock (_turn)
            return [.. _times.Values.Select(StatusOf_NeedsTurn)];
    }

    /// <summary>Whether the trigger of a job that is late was made anew, and since then it would have had time to run.</summary>
    public (bool IsRenewed, bool IsInVain) RenewalOf(string job)
    {
        lock (_turn)
            return _times.GetValueOrDefault(job) is { IsRenewed: true } times ? (true, Since(times.RenewedAt) > Patience(times.Job)) : default;
    }

    JobStatus StatusOf_NeedsTurn(Times times)
    {
        var idle = Since(times.Ended ?? times.Watched)!.Value;
        var running = Since(times.Running);
        var standing = running switch
        {
            { } ran when ran > times.Job.Longest => JobStanding.Stuck,
            null when idle > Patience(times.Job) => JobStanding.Overdue,
            _ => JobStanding.OnTime,
        };
        return new JobStatus(times.Job.Name, standing, times.Runs, Since(times.Ended)?.TotalSeconds, running?.TotalSeconds, times.Job.Every.TotalSeconds, times.Took?.TotalSeconds);
    }

    static TimeSpan Patience(ScheduledJob job) => (1.5 * job.Every) + Slack;

    TimeSpan? Since(long? instant) => instant is { } at ? _time.GetElapsedTime(at) : null;

    void Note(string job, Action<Times> what)
    {
        lock (_turn)
            if (_times.GetValueOrDefault(job) is { } times)
                what(times);
    }

    sealed class Times(ScheduledJob job, long watched)
    {
        public ScheduledJob Job { get; } = job;

        public long Watched { get; } = watched;

        public long? Running { get; set; }

        public long? Ended { get; set; }

        public TimeSpan? Took { get; set; }

        public long Runs { get; set; }

        public bool IsRenewed { get; set; }

        public long? RenewedAt { get; set; }
    }
}

namespace Agent.Hosting;

/// <summary>
/// Time for whatever waits: it begins with the clock of the machine, and from then on goes as the monotonic clock does. Quartz sleeps
/// until a trigger's time comes, so that on a clock that was set back a year it would sleep for a year; and so would Polly's circuit
/// breaker leave a server alone for a year. Nobody can set this one. What is written down carries the machine's own time.
/// </summary>
/// <remarks>
/// On Linux the monotonic clock stands still while the machine is suspended: after it wakes up, everything scheduled comes as late as it
/// had yet to wait, which is less than one of its periods. Nothing is overdue because of the sleep, and no job is made up for.
/// </remarks>
internal sealed class SteadyTime(TimeProvider time) : TimeProvider
{
    readonly DateTimeOffset _began = time.GetUtcNow();
    readonly long _beganAt = time.GetTimestamp();

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _began + time.GetElapsedTime(_beganAt);

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
}

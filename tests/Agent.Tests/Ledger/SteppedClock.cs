namespace Agent.Tests.Ledger;

/// <summary>A clock whose wall time can be set while its monotonic time goes on, and that ticks in an odd unit.</summary>
sealed class SteppedClock(DateTimeOffset wall) : TimeProvider
{
    const long TicksPerSecond = 7_000;

    long _timestamp = TicksPerSecond;
    DateTimeOffset _wall = wall;

    public override long TimestampFrequency => TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _wall;

    public override long GetTimestamp() => _timestamp;

    public void Pass(TimeSpan time, TimeSpan wall)
    {
        _timestamp += (long)(time.TotalSeconds * TicksPerSecond);
        _wall += wall;
    }
}

using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Hosting;

/// <summary>A clock that passes only when told, and whose wall time can be set without any time passing.</summary>
sealed class TurnedClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    long _turned;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _turned));

    // Otherwise it would follow the wall time.
    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

    public void Turn(TimeSpan step) => Interlocked.Add(ref _turned, step.Ticks);
}

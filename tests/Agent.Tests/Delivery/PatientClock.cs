using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Delivery;

/// <summary>A clock that can tell whether anybody waits for it, so that a test lets time pass only then.</summary>
sealed class PatientClock : FakeTimeProvider
{
    int _waiting;

    public bool IsAwaited => Volatile.Read(ref _waiting) > 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _waiting);
        return new CountedTimer(this, base.CreateTimer(callback, state, dueTime, period));
    }

    sealed class CountedTimer(PatientClock clock, ITimer timer) : ITimer
    {
        int _gone;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _gone, 1) == 0)
                Interlocked.Decrement(ref clock._waiting);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

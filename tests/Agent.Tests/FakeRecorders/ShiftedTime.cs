namespace Agent.Tests.FakeRecorders;

/// <summary>The machine's clock, as it runs, on another day.</summary>
sealed class ShiftedTime(DateTimeOffset began) : TimeProvider
{
    readonly long _since = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => began + System.GetElapsedTime(_since);
}

namespace FakeRecorder;

/// <summary>Everything a made-up recorder is: its cameras and what it holds of them, its clock, its manners and what is wrong with it.</summary>
public sealed record RecorderScript
{
    /// <summary>
    /// Each camera by its name, with what is recorded of it, in true time. Footage that ends at or after now is still being written.
    /// </summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>> Cameras { get; init; }

    /// <summary>The true time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How far the recorder's clock is ahead of the true time: every instant it tells is off by this much.</summary>
    public TimeSpan ClockOffset { get; init; }

    public Personality Personality { get; init; }

    public Fault? Fault { get; init; }

    /// <summary>The operation at which the fault strikes, such as "FindEvents"; null where it strikes wherever it can.</summary>
    public string? FaultAt { get; init; }

    /// <summary>Null where the recorder lets everybody in.</summary>
    public RecorderLogin? Login { get; init; }
}

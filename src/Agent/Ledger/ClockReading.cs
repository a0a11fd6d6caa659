namespace Agent.Ledger;

/// <summary>Both clocks at one instant, as every entry carries them.</summary>
/// <param name="Wall">The clock that can be set, UTC.</param>
/// <param name="Boot">The run of the machine that <paramref name="Monotonic"/> counts in.</param>
/// <param name="Monotonic">Milliseconds of the clock that cannot be set.</param>
readonly record struct ClockReading(DateTimeOffset Wall, string Boot, long Monotonic);

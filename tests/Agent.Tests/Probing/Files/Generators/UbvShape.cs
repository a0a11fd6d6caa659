namespace Agent.Tests.Probing.Files.Generators;

/// <summary>What a UBV file may or may not have.</summary>
/// <param name="IsOpen">Half a record behind the last whole one.</param>
/// <param name="ZerosAtEnd">How much is laid out in advance and not written yet.</param>
/// <param name="HasShortClocks">Clock records with a moment of four bytes, as older firmware writes them.</param>
sealed record UbvShape(
    bool IsOpen = false,
    int ZerosAtEnd = 0,
    bool HasShortClocks = false,
    bool HasSound = false,
    int PicturesPerSecond = 5,
    int PictureBytes = 300)
{
    internal TimeSpan ClockEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When the stream's own clock stood at zero; within 49 days of the footage where clocks are short.</summary>
    internal DateTimeOffset Started { get; init; } = new(2026, 11, 2, 3, 4, 5, TimeSpan.Zero);
}

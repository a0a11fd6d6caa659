using Agent.Evidence.Timelines;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>What a Hikvision program stream may or may not have.</summary>
/// <param name="HasHead">The IMKH head before everything.</param>
/// <param name="HasMaps">Program stream maps with the recorder's clock.</param>
/// <param name="EndsProgram">The program end code behind the newest footage; files laid out in advance have none.</param>
/// <param name="FirstClock">The first system clock reference; near 2^33 it wraps within the file.</param>
/// <param name="Length">The file's length; 0 is no more than its footage.</param>
sealed record HikvisionStreamShape(
    bool HasHead = false,
    bool HasMaps = true,
    bool EndsProgram = false,
    long FirstClock = 123_456,
    int Length = 0,
    int PicturesPerSecond = 5,
    int PictureBytes = 300)
{
    /// <summary>The footage the file held before, and still holds behind the newest.</summary>
    internal IReadOnlyList<TimeRange> Before { get; init; } = [];
}

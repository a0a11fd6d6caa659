using Agent.Evidence.Timelines;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>One hivNNNNN.mp4 in a Hikvision index; its number is its place in the list.</summary>
/// <param name="Segments">What it holds today, at most 256; whole seconds. Empty for a file never used.</param>
/// <param name="IsOpen">Whether its channel is recording into it. At most one a channel.</param>
sealed record HikvisionFile(int Channel, IReadOnlyList<TimeRange> Segments, bool IsOpen = false)
{
    /// <summary>What it held before it was taken again: no longer footage, but still in the index.</summary>
    internal IReadOnlyList<TimeRange> Before { get; init; } = [];
}

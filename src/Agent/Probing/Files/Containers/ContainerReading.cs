namespace Agent.Probing.Files.Containers;

/// <summary>
/// What a container says of itself. The duration runs from the first to the end of the last moment of the video
/// track, or of the longest track where there is no video. It may fall short of the truth, never beyond it.
/// </summary>
readonly record struct ContainerReading(ContainerState State, ContainerFormat Format, TimeSpan Duration, string? Detail)
{
    /// <summary>
    /// Where media is missing inside the duration, ascending; null in the ordinary case. The footage of a file is its
    /// duration without them.
    /// </summary>
    internal IReadOnlyList<MediaHole>? Holes { get; init; }

    /// <summary>The instant of the first moment where the container itself states one; evidence beside the file's name, not instead of it.</summary>
    internal DateTimeOffset? StatedStart { get; init; }

    /// <summary>The same on the recorder's own clock, whose zone the container does not tell.</summary>
    internal DateTime? StatedClock { get; init; }

    internal static ContainerReading NoEnd(ContainerFormat format, string detail) =>
        new(ContainerState.NoEnd, format, TimeSpan.Zero, detail);

    internal static ContainerReading Unreadable(ContainerFormat format, string detail) =>
        new(ContainerState.Unreadable, format, TimeSpan.Zero, detail);
}

namespace Agent.Probing.Files.Containers;

/// <summary>
/// What a container says of itself. The duration runs from the first to the end of the last moment of the video
/// track, or of the longest track where there is no video. It may fall short of the truth, never beyond it.
/// </summary>
readonly record struct ContainerReading(ContainerState State, ContainerFormat Format, TimeSpan Duration, string? Detail)
{
    internal static ContainerReading NoEnd(ContainerFormat format, string detail) =>
        new(ContainerState.NoEnd, format, TimeSpan.Zero, detail);

    internal static ContainerReading Unreadable(ContainerFormat format, string detail) =>
        new(ContainerState.Unreadable, format, TimeSpan.Zero, detail);
}

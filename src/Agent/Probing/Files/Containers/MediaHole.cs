namespace Agent.Probing.Files.Containers;

/// <summary>More than two seconds inside one file without media: the camera stalled while its recorder kept the file open.</summary>
/// <param name="From">From the first moment of the file.</param>
/// <param name="To">Exclusive, likewise.</param>
readonly record struct MediaHole(TimeSpan From, TimeSpan To);

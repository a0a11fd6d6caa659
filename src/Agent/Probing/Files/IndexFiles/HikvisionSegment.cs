namespace Agent.Probing.Files.IndexFiles;

/// <summary>One recording as a Hikvision index tells of it.</summary>
/// <param name="Camera">Its number; one where the index has no numbers.</param>
/// <param name="Start">Seconds since 1970, of which clock is not said.</param>
/// <param name="End">Likewise; not after the start while nothing is known of it.</param>
readonly record struct HikvisionSegment(int Camera, uint Start, uint End, long Bytes, bool IsOpen);

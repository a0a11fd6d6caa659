namespace Agent.Probing.Files.IndexFiles;

/// <summary>One recording as a Hikvision index tells of it.</summary>
/// <param name="Camera">Its number; one where the index has no numbers.</param>
/// <param name="Start">Seconds since 1970, of which clock is not said.</param>
/// <param name="End">Likewise; that of the start while nothing is known of it. Before the start where the clock went back meanwhile.</param>
readonly record struct HikvisionSegment(int Camera, uint Start, uint End, long Bytes, bool IsOpen)
{
    /// <summary>Clocks go back by an hour, and are set by less.</summary>
    internal const uint FurthestBack = 7200;

    /// <summary>Whether what stands for its end can be one.</summary>
    public bool HasEnd => End > Start || (End != 0 && End < Start && Start - End <= FurthestBack);
}

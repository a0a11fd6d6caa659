using Agent.Evidence.Verdicts;

namespace Agent.Probing.Files.Indexing;

/// <summary>How many segments of a camera are doubtful, by what is wrong with them. All but those that overlap or lack media are no evidence.</summary>
/// <param name="OutOfTime">From the future, or from before there were recorders.</param>
/// <param name="TooLong">Of more time than had passed when they were last written.</param>
/// <param name="ImpossibleBitrate">Of fewer or more bytes than any camera makes.</param>
/// <param name="MediaMissing">Of more time than their media.</param>
/// <param name="Overlapping">Beginning before the one before them ends.</param>
internal readonly record struct SegmentDoubts(int OutOfTime, int TooLong, int ImpossibleBitrate, int MediaMissing, int Overlapping)
{
    // Recorders keep a few seconds from before an event, and end a file after they began the next.
    static readonly long UsualOverlap = TimeSpan.FromSeconds(30).Ticks;

    public static SegmentDoubts operator +(SegmentDoubts a, SegmentDoubts b) => new(
        a.OutOfTime + b.OutOfTime, a.TooLong + b.TooLong, a.ImpossibleBitrate + b.ImpossibleBitrate, a.MediaMissing + b.MediaMissing, a.Overlapping + b.Overlapping);

    public static SegmentDoubts Of(FileState state) => state switch
    {
        FileState.OutOfTime => new SegmentDoubts { OutOfTime = 1 },
        FileState.LongerThanElapsed => new SegmentDoubts { TooLong = 1 },
        FileState.BeyondItsBytes => new SegmentDoubts { ImpossibleBitrate = 1 },
        FileState.Truncated => new SegmentDoubts { MediaMissing = 1 },
        _ => default,
    };

    /// <summary>Of a segment that begins at an instant, when those before it end at another. UTC ticks.</summary>
    public static SegmentDoubts OfOverlap(long start, long endBefore) => endBefore - start > UsualOverlap ? new SegmentDoubts { Overlapping = 1 } : default;

    public IEnumerable<Finding> Findings()
    {
        if (OutOfTime > 0)
            yield return Finding(FindingCode.SegmentsOutOfTime, $"{OutOfTime} segments left out that lie in the future or before 2000");
        if (TooLong > 0)
            yield return Finding(FindingCode.SegmentsTooLong, $"{TooLong} segments left out that claim more footage than time had passed when they were last written");
        if (ImpossibleBitrate > 0)
            yield return Finding(FindingCode.ImpossibleBitrate, $"{ImpossibleBitrate} segments left out whose bytes no camera makes in the time they claim");
        if (MediaMissing > 0)
            yield return Finding(FindingCode.MediaMissing, $"{MediaMissing} segments hold less media than their headers promise; what is missing counts as not recorded");
        if (Overlapping > 0)
            yield return Finding(FindingCode.SegmentsOverlap, $"{Overlapping} segments begin more than 30 s before the ones before them end");
    }

    static Finding Finding(FindingCode code, string measure) => new(code, null, measure);
}

using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;

namespace Agent.Tests.Evidence.Statements;

static class SegmentSamples
{
    /// <summary>Two parts of a ten-second segment of one megabyte.</summary>
    public static SegmentSample Usual { get; } = new()
    {
        Camera = "c-0a1b2c3d4e",
        Range = new TimeRange(DateTimeOffset.FromUnixTimeMilliseconds(1_795_431_000_000), DateTimeOffset.FromUnixTimeMilliseconds(1_795_431_010_000)),
        Size = 1_000_000,
        Salt = [.. Enumerable.Range(1, 32).Select(i => (byte)i)],
        Parts = [(4096, 65536), (500_000, 65536)],
    };
}

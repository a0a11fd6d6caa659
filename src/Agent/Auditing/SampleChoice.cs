using System.Collections.Immutable;
using System.Security.Cryptography;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;

namespace Agent.Auditing;

/// <summary>Chooses at random which bytes of a segment are committed to.</summary>
internal static class SampleChoice
{
    const int SaltBytes = 32;
    const int Parts = 3;

    /// <summary>A new sample of a segment: three parts of 64 KiB somewhere in it, or all of a small one.</summary>
    public static SegmentSample Of(string code, TimeRange range, long size) => new()
    {
        Camera = code,
        Range = range,
        Size = size,
        Salt = [.. RandomNumberGenerator.GetBytes(SaltBytes)],
        Parts = size < 2L * Parts * SegmentSample.FewestBytes
            ? [(0, (int)Math.Min(size, SegmentSample.MostBytes))]
            : Spread(size),
    };

    // One part in each third, so that they never overlap and no stretch of the file is safe to replace.
    static ImmutableArray<(long, int)> Spread(long size)
    {
        var stride = size / Parts;
        return [.. Enumerable.Range(0, Parts).Select(i => (i * stride + Random(stride - SegmentSample.FewestBytes), SegmentSample.FewestBytes))];
    }

    static long Random(long below) => (long)(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) % (ulong)below);
}

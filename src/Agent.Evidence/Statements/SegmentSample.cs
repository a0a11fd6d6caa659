using System.Collections.Immutable;
using Agent.Evidence.Timelines;

namespace Agent.Evidence.Statements;

/// <summary>
/// Which bytes of which segment a commitment or a challenge speaks of. Nothing here names a file: the segment is known by its camera's
/// code, its time and its size, so that a file that was moved is still the same segment.
/// </summary>
public sealed record SegmentSample
{
    /// <summary>The fewest bytes of one part: with fewer the digest could be used to guess at the video.</summary>
    public const int FewestBytes = 64 << 10;

    /// <summary>The most parts of one sample.</summary>
    public const int MostParts = 4;

    /// <summary>The most bytes of all parts together.</summary>
    public const int MostBytes = 4 << 20;

    /// <summary>The camera's code.</summary>
    public required string Camera { get; init; }

    /// <summary>When the segment was recorded.</summary>
    public required TimeRange Range { get; init; }

    /// <summary>The size of the segment, in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>16 to 64 random bytes that stand before the parts in what is hashed.</summary>
    public required ImmutableArray<byte> Salt { get; init; }

    /// <summary>Offset and length of each part, ascending and apart, within the size. A segment smaller than <see cref="FewestBytes"/> is one part.</summary>
    public required ImmutableArray<(long Offset, int Length)> Parts { get; init; }

    /// <summary>Two samples are equal when all fields are, byte for byte.</summary>
    /// <param name="other">The sample to compare with.</param>
    /// <returns>Whether both ask for the same bytes.</returns>
    public bool Equals(SegmentSample? other) => other is not null
        && Camera == other.Camera && Range == other.Range && Size == other.Size
        && Salt.AsSpan().SequenceEqual(other.Salt.AsSpan()) && Parts.AsSpan().SequenceEqual(other.Parts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Camera, Range, Size);
}

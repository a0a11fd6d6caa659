namespace Agent.Probing.Files.Containers;

/// <summary>
/// A container without a table of contents: times stand beside the media all through the file, and can be read from a
/// piece that starts anywhere.
/// </summary>
abstract class MediaStream
{
    /// <summary>For clocks that never wrap.</summary>
    protected const long Never = 1L << 62;

    internal abstract ContainerFormat Format { get; }

    internal abstract ulong UnitsPerSecond { get; }

    /// <summary>Where the clock starts again at zero, a power of two.</summary>
    internal virtual long Wrap => Never;

    /// <summary>The instant of the first moment, where the stream states it.</summary>
    internal virtual DateTimeOffset? StatedStart => null;

    /// <summary>The same on the recorder's own clock.</summary>
    internal virtual DateTime? StatedClock => null;

    internal StreamClock NewClock() => new(Wrap);

    /// <summary>Settles by the head of the file which track is measured; false to see more of it first.</summary>
    /// <param name="isLast">There is no more to see: whatever has a time must do.</param>
    internal abstract bool TryChoose(ReadOnlySpan<byte> head, bool isLast);

    /// <summary>Where a piece that is to start about here should start.</summary>
    internal virtual long Align(long offset) => offset;

    /// <summary>Adds the times of the measured track in a piece, of media that is wholly there.</summary>
    /// <param name="piece">Bytes of the file.</param>
    /// <param name="offset">Where they stand in it.</param>
    /// <param name="length">Of the whole file.</param>
    /// <param name="clock">Takes the times.</param>
    internal abstract void Read(ReadOnlySpan<byte> piece, long offset, long length, StreamClock clock);

    /// <summary>A picture is only known to be whole once another begins behind it.</summary>
    internal virtual bool MayTearPictures => false;

    /// <summary>Whether the file ends where a packet ends.</summary>
    internal virtual bool EndsWhole(long length, StreamClock tail) => tail.IsInStep && tail.End == length;
}

using Microsoft.Win32.SafeHandles;

namespace Agent.Probing.Files.Containers;

/// <summary>Turns an open file into a duration, by its content: names and extensions of recorders are not evidence.</summary>
static class ContainerReader
{
    const int SniffedBytes = 4096;

    /// <summary>Never throws for bad content; only cancellation leaves as an exception.</summary>
    /// <param name="file">Opened for reading; its position is neither used nor moved.</param>
    /// <param name="length">The length to read within: a growing file is read as it was when its length was taken.</param>
    internal static ContainerReading Read(SafeFileHandle file, long length, CancellationToken cancel) =>
        Read(file, length, default, cancel);

    /// <param name="init">The head of the initialisation file that holds the header of fragments which have none of their own.</param>
    internal static ContainerReading Read(SafeFileHandle file, long length, ReadOnlyMemory<byte> init, CancellationToken cancel)
    {
        using var reader = new BoundedReader(file, length, cancel);
        return Read(reader, init, cancel);
    }

    internal static ContainerReading Read(BoundedReader reader, ReadOnlyMemory<byte> init, CancellationToken cancel)
    {
        if (reader.Length <= 0)
            return new ContainerReading(ContainerState.Empty, ContainerFormat.None, TimeSpan.Zero, "the file has no bytes");

        var format = ContainerFormat.None;
        try
        {
            var head = reader.Peek(0, SniffedBytes);
            if (head.IsEmpty)
                return ContainerReading.Unreadable(format, "the file became shorter while it was read");

            // At this point: one read is spent, and the readers below find these bytes again without another.
            if (Mp4Reader.Recognizes(head))
                return Mp4Reader.Read(reader, init, cancel, ref format);
            if (MatroskaReader.Recognizes(head))
            {
                format = ContainerFormat.Matroska;
                return MatroskaReader.Read(reader);
            }

            if (AviReader.Recognizes(head))
            {
                format = ContainerFormat.Avi;
                return AviReader.Read(reader);
            }

            if (Stream(head) is { } stream)
            {
                format = stream.Format;
                return StreamReading.Read(reader, stream);
            }

            return ContainerReading.Unreadable(format, "not a container this agent knows");
        }
        catch (InvalidDataException damage)
        {
            return ContainerReading.Unreadable(format, damage.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return ContainerReading.Unreadable(format, $"could not be read: {failure.Message}");
        }
    }

    /// <summary>Streams are told by what repeats in them; the least sure mark is asked for last.</summary>
    static MediaStream? Stream(ReadOnlySpan<byte> head)
    {
        if (ProgramStream.TryRecognize(head) is { } program)
            return program;
        if (UbvStream.TryRecognize(head) is { } ubv)
            return ubv;
        return TransportPacking.TryRecognize(head) is { } packing ? new TransportStream(packing) : DhavStream.TryRecognize(head);
    }
}

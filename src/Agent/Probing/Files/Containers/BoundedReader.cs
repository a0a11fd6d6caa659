using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Agent.Probing.Files.Containers;

/// <summary>
/// The only way a container reader touches a file: positional reads within a length and within a budget. What a
/// header declares can therefore cost neither memory nor time beyond the budget, however it lies.
/// </summary>
sealed class BoundedReader : IDisposable
{
    internal const long MostBytes = 32L << 20;
    internal const int MostReads = 100_000;

    /// <summary>Looks into bytes already read cost no read, but elements that lead in circles cost time.</summary>
    internal const int MostLooks = 10_000_000;

    /// <summary>The largest piece that may be asked for at once.</summary>
    internal const int LargestWindow = 2 << 20;

    const int OrdinaryReadAhead = 4096;

    readonly SafeFileHandle? file;
    readonly ReadOnlyMemory<byte> bytes;
    readonly CancellationToken cancel;

    byte[] window = ArrayPool<byte>.Shared.Rent(OrdinaryReadAhead);
    long windowStart;
    int windowLength;

    internal BoundedReader(SafeFileHandle file, long length, CancellationToken cancel)
    {
        this.file = file;
        this.cancel = cancel;
        Length = length;
    }

    /// <summary>Over what is in memory already, as the head of an initialisation file is for every fragment beside it.</summary>
    internal BoundedReader(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        this.bytes = bytes;
        this.cancel = cancel;
        Length = bytes.Length;
    }

    internal long Length { get; }

    internal int Looks { get; private set; }

    internal long BytesRead { get; private set; }

    /// <summary>What may be read in all: more than of a recording only of an index file, whose size is its count of recordings.</summary>
    internal long ByteBudget { get; set; } = MostBytes;

    internal int Reads { get; private set; }

    /// <summary>How much a read takes at least; smaller where a walk hops over media and would throw the rest away.</summary>
    internal int ReadAhead { get; set; } = OrdinaryReadAhead;

    /// <summary>
    /// The bytes at an offset: as many as asked for, fewer only at the end of the file. They stay valid until the
    /// next call.
    /// </summary>
    internal ReadOnlySpan<byte> Peek(long offset, int count)
    {
        if (offset < 0 || offset >= Length)
            return [];
        if (++Looks > MostLooks)
            throw new InvalidDataException("too much work: more elements than any sound recording has");

        var wanted = (int)Math.Min(count, Length - offset);
        if (offset < windowStart || offset + wanted > windowStart + windowLength)
            MoveWindow(offset, Math.Max(wanted, (int)Math.Min(ReadAhead, Length - offset)));

        var skip = (int)(offset - windowStart);
        return window.AsSpan(skip, Math.Min(wanted, windowLength - skip));
    }

    /// <summary>Fills a buffer of the caller's, for walks that follow several tables at once; returns what was there.</summary>
    internal int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset >= Length)
            return 0;

        buffer = buffer[..(int)Math.Min(buffer.Length, Length - offset)];
        var filled = 0;
        while (filled < buffer.Length)
        {
            cancel.ThrowIfCancellationRequested();
            if (Reads >= MostReads || BytesRead + buffer.Length - filled > ByteBudget)
                throw new InvalidDataException("too much work: the file asks for more reads than any sound recording");

            var count = ReadSource(buffer[filled..], offset + filled);
            Reads++;
            BytesRead += count;
            if (count == 0)
                break; // The file became shorter than it was.
            filled += count;
        }

        return filled;
    }

    int ReadSource(Span<byte> buffer, long offset)
    {
        if (file is not null)
            return RandomAccess.Read(file, buffer, offset);

        bytes.Span.Slice((int)offset, buffer.Length).CopyTo(buffer);
        return buffer.Length;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(window);
        window = [];
        windowLength = 0;
    }

    void MoveWindow(long offset, int count)
    {
        if (count > LargestWindow)
            throw new InvalidDataException("too much work: one element is larger than any sound recording has");

        windowLength = 0;
        if (window.Length < count)
        {
            ArrayPool<byte>.Shared.Return(window);
            window = ArrayPool<byte>.Shared.Rent(count);
        }

        windowStart = offset;
        windowLength = Read(offset, window.AsSpan(0, count));
    }
}

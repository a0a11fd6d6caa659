namespace Agent.Probing.Files.Containers;

/// <summary>Walks the entries of one table, block by block: tables of a long recording are larger than we would hold.</summary>
sealed class TableCursor(BoundedReader reader, long start, long end, int entryLength)
{
    const int MostBlockLength = 12 * 1024;

    readonly byte[] block = new byte[Math.Clamp(end - start, 0, MostBlockLength - MostBlockLength % entryLength)];
    long next = start;
    int used;
    int filled;

    /// <summary>The next entry, or nothing behind the last.</summary>
    internal ReadOnlySpan<byte> Next()
    {
        if (used + entryLength > filled)
        {
            var wanted = (int)Math.Min(block.Length, end - next);
            if (wanted < entryLength)
                return [];
            filled = reader.Read(next, block.AsSpan(0, wanted));
            next += filled;
            used = 0;
            if (filled < entryLength)
                return [];
        }

        used += entryLength;
        return block.AsSpan(used - entryLength, entryLength);
    }
}

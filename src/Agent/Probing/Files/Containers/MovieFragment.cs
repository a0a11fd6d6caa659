using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>What one moof (ISO/IEC 14496-12 clause 8.8) says of one track.</summary>
/// <param name="Start">Decode time of its first sample; null where the writer left it out and runs simply follow on.</param>
/// <param name="Last">How long its last sample lasts, of those that count.</param>
/// <param name="Shortest">The same of its shortest; the largest number when none lasts.</param>
readonly record struct MovieFragment(bool HasTrack, ulong? Start, ulong Duration, uint Last, uint Shortest)
{
    const uint BaseOffsetIsGiven = 0x1, DescriptionIsGiven = 0x2, DurationIsGiven = 0x8, SizeIsGiven = 0x10, BaseIsMoof = 0x20000;
    const uint RunOffsetIsGiven = 0x1, FirstFlagsAreGiven = 0x4;
    const uint EachDuration = 0x100, EachSize = 0x200, EachFlags = 0x400, EachOffset = 0x800;
    const int EntriesAtOnce = 1024;

    /// <param name="limit">Only samples that end at or below it count; null counts all, when the media is known to be there.</param>
    /// <param name="pauses">Where pauses between its samples go: where the file's time starts, what the fragment begins at when it does not say, and the list.</param>
    internal static MovieFragment Read(
        BoundedReader reader, Box moof, MovieHeader header, uint trackId, long? limit, (ulong? Origin, ulong Begins, MediaHoles Holes) pauses)
    {
        var isFirst = true;
        for (var at = moof.Body; moof.TryReadChild(reader, at, out var child); at = child.End)
        {
            if (child.Type != BoxTypes.Traf)
                continue;
            if (ReadTrack(reader, moof, child, header, trackId, limit, isFirst, pauses) is { } fragment)
                return fragment;
            isFirst = false;
        }

        return default;
    }

    static MovieFragment? ReadTrack(
        BoundedReader reader, Box moof, Box traf, MovieHeader header, uint trackId, long? limit, bool isFirst,
        (ulong? Origin, ulong Begins, MediaHoles Holes) pauses)
    {
        ulong? start = null;
        ulong duration = 0;
        var lengths = (Last: 0u, Shortest: uint.MaxValue);
        Defaults? defaults = null;
        var position = 0L;
        for (var at = traf.Body; traf.TryReadChild(reader, at, out var child); at = child.End)
        {
            switch (child.Type)
            {
                case BoxTypes.Tfhd:
                    defaults = ReadDefaults(reader, child, moof, header, isFirst);
                    if (defaults is not { } read || read.TrackId != trackId)
                        return null;
                    position = read.Base;
                    break;
                case BoxTypes.Tfdt:
                    var body = reader.Peek(child.Body, (int)Math.Min(12, child.BodyLength));
                    if (body.Length >= 12 && body[0] == 1)
                        start = BinaryPrimitives.ReadUInt64BigEndian(body[4..]);
                    else if (body.Length >= 8)
                        start = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
                    break;
                case BoxTypes.Trun when defaults is { } known:
                    var begins = start ?? pauses.Begins;
                    var since = pauses.Origin is { } origin && begins > origin ? begins - origin : 0;
                    if (!AddRun(reader, child, known, limit, (since, pauses.Holes), ref position, ref duration, ref lengths))
                        return new MovieFragment(true, start, duration, lengths.Last, lengths.Shortest);
                    break;
                default:
                    break;
            }
        }

        return defaults is null ? null : new MovieFragment(true, start, duration, lengths.Last, lengths.Shortest);
    }

    static Defaults? ReadDefaults(BoundedReader reader, Box tfhd, Box moof, MovieHeader header, bool isFirst)
    {
        var body = reader.Peek(tfhd.Body, (int)Math.Min(32, tfhd.BodyLength));
        if (body.Length < 8)
            return null;

        var flags = BinaryPrimitives.ReadUInt32BigEndian(body) & 0xFFFFFF;
        var trackId = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        var needed = 8 + ((flags & BaseOffsetIsGiven) != 0 ? 8 : 0) + ((flags & DescriptionIsGiven) != 0 ? 4 : 0)
            + ((flags & DurationIsGiven) != 0 ? 4 : 0) + ((flags & SizeIsGiven) != 0 ? 4 : 0);
        if (body.Length < needed)
            return null;

        // Without a base of its own, only the first track's data is known to count from the moof; another's follows
        // on data we have not summed up, so it is put where it can never count as present.
        var start = isFirst || (flags & BaseIsMoof) != 0 ? moof.Start : long.MaxValue;
        var field = 8;
        if ((flags & BaseOffsetIsGiven) != 0)
        {
            var given = BinaryPrimitives.ReadUInt64BigEndian(body[field..]);
            start = given > long.MaxValue ? long.MaxValue : (long)given;
            field += 8;
        }

        if ((flags & DescriptionIsGiven) != 0)
            field += 4;

        var duration = header.DefaultSampleDuration;
        if ((flags & DurationIsGiven) != 0)
        {
            duration = BinaryPrimitives.ReadUInt32BigEndian(body[field..]);
            field += 4;
        }

        var size = (flags & SizeIsGiven) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(body[field..]) : header.DefaultSampleSize;
        return new Defaults(trackId, start, duration, size);
    }

    /// <summary>False once a sample is not wholly there: what follows it does not count either.</summary>
    static bool AddRun(
        BoundedReader reader, Box trun, Defaults defaults, long? limit, (ulong Since, MediaHoles Holes) pauses, ref long position, ref ulong duration,
        ref (uint Last, uint Shortest) lengths)
    {
        var head = reader.Peek(trun.Body, (int)Math.Min(16, trun.BodyLength));
        if (head.Length < 8)
            return false;

        var flags = BinaryPrimitives.ReadUInt32BigEndian(head) & 0xFFFFFF;
        var count = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        var entries = trun.Body + 8;
        if ((flags & RunOffsetIsGiven) != 0)
        {
            if (head.Length < 12)
                return false;
            var fromBase = BinaryPrimitives.ReadInt32BigEndian(head[8..]);
            position = defaults.Base > long.MaxValue - int.MaxValue ? long.MaxValue : defaults.Base + fromBase;
            entries += 4;
        }

        if ((flags & FirstFlagsAreGiven) != 0)
            entries += 4;

        var entryLength = 4 * System.Numerics.BitOperations.PopCount(flags & (EachDuration | EachSize | EachFlags | EachOffset));
        return entryLength == 0
            ? AddEqualSamples(count, defaults, limit, pauses, ref position, ref duration, ref lengths)
            : AddListedSamples(reader, (entries, trun.End, entryLength, count), flags, defaults, limit, pauses, ref position, ref duration, ref lengths);
    }

    static bool AddEqualSamples(
        uint count, Defaults defaults, long? limit, (ulong Since, MediaHoles Holes) pauses, ref long position, ref ulong duration,
        ref (uint Last, uint Shortest) lengths)
    {
        var present = count;
        if (limit is { } end)
        {
            var room = Math.Max(0, end - position);
            present = position < 0 || defaults.Size == 0 ? 0 : (uint)Math.Min(count, room / defaults.Size);
            position = position > end ? position : position + (long)present * defaults.Size;
        }

        pauses.Holes.Steps(Sum(pauses.Since, duration), defaults.Duration, present);
        duration = Sum(duration, (ulong)present * defaults.Duration);
        if (present > 0)
            lengths = With(lengths, defaults.Duration);
        return present == count;
    }

    static bool AddListedSamples(
        BoundedReader reader,
        (long Start, long End, int Length, uint Count) entries,
        uint flags,
        Defaults defaults,
        long? limit,
        (ulong Since, MediaHoles Holes) pauses,
        ref long position,
        ref ulong duration,
        ref (uint Last, uint Shortest) lengths)
    {
        var sizeField = (flags & EachDuration) != 0 ? 4 : 0;
        var left = Math.Min(entries.Count, Math.Max(0, entries.End - entries.Start) / entries.Length);
        for (var at = entries.Start; left > 0;)
        {
            var block = reader.Peek(at, (int)Math.Min(left, EntriesAtOnce) * entries.Length);
            var inBlock = block.Length / entries.Length;
            if (inBlock == 0)
                return false;

            for (var i = 0; i < inBlock; i++)
            {
                var entry = block.Slice(i * entries.Length, entries.Length);
                var size = (flags & EachSize) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(entry[sizeField..]) : defaults.Size;
                if (limit is { } end && (position < 0 || position > end || size > end - position))
                    return false;

                position = position > long.MaxValue - size ? long.MaxValue : position + size;
                var step = (flags & EachDuration) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(entry) : defaults.Duration;
                pauses.Holes.Step(Sum(pauses.Since, duration), step);
                duration = Sum(duration, step);
                lengths = With(lengths, step);
            }

            at += (long)inBlock * entries.Length;
            left -= inBlock;
        }

        return true;
    }

    static (uint Last, uint Shortest) With((uint Last, uint Shortest) lengths, uint step) =>
        (step, step == 0 ? lengths.Shortest : Math.Min(lengths.Shortest, step));

    static ulong Sum(ulong a, ulong b) =>
        a > long.MaxValue / 2 || b > long.MaxValue / 2 ? throw new InvalidDataException("the time stamps of a fragment overflow") : a + b;

    readonly record struct Defaults(uint TrackId, long Base, uint Duration, uint Size);
}

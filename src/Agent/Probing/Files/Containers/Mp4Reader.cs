using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>
/// MP4 and QuickTime. An ordinary file costs two or three reads: its head, and the box behind the moov or the mdat.
/// Whether all media is there is asked of the mdat's extent first, and of the sample tables only when that fails.
/// </summary>
static class Mp4Reader
{
    const int MostTopLevelBoxes = 10_000;

    internal static bool Recognizes(ReadOnlySpan<byte> head)
    {
        if (head.Length < Box.HeaderLength)
            return false;

        var size = BinaryPrimitives.ReadUInt32BigEndian(head);
        return size is 0 or 1 or >= Box.HeaderLength
            && BinaryPrimitives.ReadUInt32BigEndian(head[4..]) is BoxTypes.Ftyp or BoxTypes.Styp or BoxTypes.Moov or BoxTypes.Moof
                or BoxTypes.Mdat or BoxTypes.Free or BoxTypes.Skip or BoxTypes.Wide or BoxTypes.Sidx or BoxTypes.Emsg or BoxTypes.Prft;
    }

    /// <param name="format">Tells what was recognised even when the reading ends in an exception.</param>
    /// <param name="init">The head of the file that holds the header of fragments without one; empty where there is none.</param>
    internal static ContainerReading Read(BoundedReader reader, ReadOnlyMemory<byte> init, CancellationToken cancel, ref ContainerFormat format)
    {
        format = ContainerFormat.Mp4;
        SampleTimes? times = null;
        Box? moov = null;
        var header = default(MovieHeader);
        var hasMedia = false;
        var mediaIsBounded = true;
        long at = 0;
        for (var boxes = 0; boxes < MostTopLevelBoxes && Box.TryRead(reader, at, reader.Length, out var box); boxes++)
        {
            if (box.Type == BoxTypes.Moof)
            {
                format = ContainerFormat.FragmentedMp4;
                if (moov is { } before)
                    return FragmentedMp4Reader.Read(reader, before.End, MovieHeader.Read(reader, before, throughout: true));
                return ReadInit(init, cancel) is { } elsewhere
                    ? FragmentedMp4Reader.Read(reader, 0, elsewhere)
                    : ContainerReading.NoEnd(format, "fragments without the header that gives their time scale");
            }

            if (box.Type == BoxTypes.Moov && box.End <= reader.Length && moov is null)
            {
                moov = box;
                header = MovieHeader.Read(reader, box, throughout: false); // Now, while its first bytes are at hand.
                times = header is { HasFragments: false, Track: { } found } ? SampleTimes.Read(reader, found) : null;
            }

            if (box.Type == BoxTypes.Mdat)
            {
                hasMedia = true;
                mediaIsBounded &= !box.IsOpenEnded || moov is null;
            }

            at = box.End;
            if (at >= reader.Length)
                break;
        }

        if (moov is null)
            return ContainerReading.NoEnd(format, "the header (moov) is not written yet, or cut off");

        // At this point: there is a header, and `at` is where the boxes end, which a sound file has at its very end.
        if (header.Track is not { } track)
            return ContainerReading.Unreadable(format, "the header (moov) has no track that could be read");
        if (header.HasFragments && track.Duration == 0)
        {
            format = ContainerFormat.FragmentedMp4;
            return ContainerReading.NoEnd(format, "no fragment is written yet");
        }

        var reading = hasMedia && mediaIsBounded && at == reader.Length && Promised(header, track, times) is { Ticks: > 0 } promised
            ? new ContainerReading(ContainerState.Whole, format, promised, null)
            : ReadFromSamples(reader, header, track, times);
        return reading with { Holes = times?.Holes.Within(reading.Duration), StatedStart = header.StatedStart };
    }

    static MovieHeader? ReadInit(ReadOnlyMemory<byte> init, CancellationToken cancel)
    {
        if (init.IsEmpty)
            return null;

        using var reader = new BoundedReader(init, cancel);
        for (long at = 0; Box.TryRead(reader, at, reader.Length, out var box) && box.End <= reader.Length; at = box.End)
        {
            if (box.Type != BoxTypes.Moov)
                continue;
            var header = MovieHeader.Read(reader, box, throughout: true);
            return header with { Track = header.Track is { } track ? track with { SampleTable = null } : null }; // Its place is in the other file.
        }

        return null;
    }

    static ContainerReading ReadFromSamples(BoundedReader reader, MovieHeader header, Mp4Track track, SampleTimes? times)
    {
        if (track.SampleTable is not { } stbl || SampleTable.Open(reader, stbl) is not { } table)
            return ContainerReading.Unreadable(ContainerFormat.Mp4, "bytes are missing, and the tables that would say which");

        var (units, isAll) = table.Measure(reader.Length);
        var present = MediaTime.FromUnits(units, track.TimeScale);
        var promised = Promised(header, track, times);
        if (isAll)
            return new ContainerReading(ContainerState.Whole, ContainerFormat.Mp4, promised > TimeSpan.Zero ? promised : present, null);

        return new ContainerReading(
            ContainerState.Truncated,
            ContainerFormat.Mp4,
            promised > TimeSpan.Zero && promised < present ? promised : present,
            "the header tells of more than the bytes present");
    }

    /// <summary>What the header says, and no more than its samples last.</summary>
    static TimeSpan Promised(MovieHeader header, Mp4Track track, SampleTimes? times)
    {
        var promised = track.Duration > 0 ? MediaTime.FromUnits(track.Duration, track.TimeScale) : header.Duration;
        return times is { Duration: > 0 and var units } && (UInt128)units * TimeSpan.TicksPerSecond / track.TimeScale < (UInt128)promised.Ticks
            ? MediaTime.FromUnits(units, track.TimeScale)
            : promised;
    }
}

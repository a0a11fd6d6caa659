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
    internal static ContainerReading Read(BoundedReader reader, ref ContainerFormat format)
    {
        format = ContainerFormat.Mp4;
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
                return moov is { } before
                    ? FragmentedMp4Reader.Read(reader, before, MovieHeader.Read(reader, before, throughout: true))
                    : ContainerReading.NoEnd(format, "fragments without the header that gives their time scale");
            }

            if (box.Type == BoxTypes.Moov && box.End <= reader.Length && moov is null)
            {
                moov = box;
                header = MovieHeader.Read(reader, box, throughout: false); // Now, while its first bytes are at hand.
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

        return hasMedia && mediaIsBounded && at == reader.Length && Promised(header, track) is { Ticks: > 0 } promised
            ? new ContainerReading(ContainerState.Whole, format, promised, null)
            : ReadFromSamples(reader, header, track);
    }

    static ContainerReading ReadFromSamples(BoundedReader reader, MovieHeader header, Mp4Track track)
    {
        if (track.SampleTable is not { } stbl || SampleTable.Open(reader, stbl) is not { } table)
            return ContainerReading.Unreadable(ContainerFormat.Mp4, "bytes are missing, and the tables that would say which");

        var (units, isAll) = table.Measure(reader.Length);
        var present = MediaTime.FromUnits(units, track.TimeScale);
        var promised = Promised(header, track);
        if (isAll)
            return new ContainerReading(ContainerState.Whole, ContainerFormat.Mp4, promised > TimeSpan.Zero ? promised : present, null);

        return new ContainerReading(
            ContainerState.Truncated,
            ContainerFormat.Mp4,
            promised > TimeSpan.Zero && promised < present ? promised : present,
            "the header tells of more than the bytes present");
    }

    static TimeSpan Promised(MovieHeader header, Mp4Track track) =>
        track.Duration > 0 ? MediaTime.FromUnits(track.Duration, track.TimeScale) : header.Duration;
}

namespace Agent.Probing.Files.Containers;

/// <summary>
/// Fragmented MP4, which is readable while it grows: every fragment says when it starts and how long its samples
/// last. Hops from fragment to fragment by their sizes; an index, where there is one, shortens the way.
/// </summary>
static class FragmentedMp4Reader
{
    /// <summary>A fragment's headers and the next box's: enough for a second or two of samples, little enough to hop.</summary>
    const int HopLength = 1024;

    /// <summary>From here on a longer file is worth the two reads it takes to ask for an index at its end.</summary>
    const int HopsBeforeIndex = 16;

    /// <summary>A promise of the header is only held against the file beyond this: writers round it.</summary>
    static readonly TimeSpan PromiseTolerance = TimeSpan.FromSeconds(1);

    internal static ContainerReading Read(BoundedReader reader, Box moov, MovieHeader header)
    {
        if (header.Track is not { } track)
            return ContainerReading.Unreadable(ContainerFormat.FragmentedMp4, "the header (moov) has no track that could be read");

        var walk = new Walk(reader, header, track);
        walk.AddSamplesOfHeader();
        reader.ReadAhead = HopLength;
        walk.Follow(moov.End);
        return walk.Result();
    }

    sealed class Walk(BoundedReader reader, MovieHeader header, Mp4Track track)
    {
        ulong? start;
        ulong end;
        bool endsAtLastBox;
        bool promisesMore;
        long shortcut;
        int fragments;
        bool askedIndex;

        /// <summary>Some writers put the first seconds into the moov in the ordinary way and fragments behind it.</summary>
        internal void AddSamplesOfHeader()
        {
            if (track.SampleTable is not { } stbl || SampleTable.Open(reader, stbl) is not { } table)
                return;

            end = table.Measure(reader.Length).Duration;
            if (end > 0)
                start = 0;
        }

        internal void Follow(long at)
        {
            while (at < reader.Length && Box.TryRead(reader, at, reader.Length, out var box))
            {
                if (box.Type == BoxTypes.Sidx && box.End <= reader.Length)
                    Heed(FragmentIndex.ReadSidx(reader, box));
                else if (box.Type == BoxTypes.Moof && box.End <= reader.Length)
                    Add(box);

                if (box.End > reader.Length)
                    return;
                at = Onwards(box.End);
            }

            endsAtLastBox = at == reader.Length;
        }

        internal ContainerReading Result()
        {
            if (start is not { } from || end <= from)
                return ContainerReading.NoEnd(ContainerFormat.FragmentedMp4, "no fragment with media is written yet");

            var duration = MediaTime.FromUnits(end - from, track.TimeScale);
            if (promisesMore || header.PromisedDuration > duration + PromiseTolerance)
                return new ContainerReading(
                    ContainerState.Truncated, ContainerFormat.FragmentedMp4, duration, "the index tells of more than the bytes present");

            return endsAtLastBox
                ? new ContainerReading(ContainerState.Whole, ContainerFormat.FragmentedMp4, duration, null)
                : new ContainerReading(ContainerState.Open, ContainerFormat.FragmentedMp4, duration, "the last fragment is not complete");
        }

        void Add(Box moof)
        {
            var isComplete = Box.TryRead(reader, moof.End, reader.Length, out var media)
                && media.Type == BoxTypes.Mdat && media.End <= reader.Length;
            var fragment = MovieFragment.Read(reader, moof, header, track.Id, isComplete ? null : reader.Length);
            if (!fragment.HasTrack)
                return;

            fragments++;
            var begins = fragment.Start ?? end;
            if (fragment.Duration > ulong.MaxValue - begins)
                throw new InvalidDataException("the time stamps of a fragment overflow");
            start ??= begins;
            end = Math.Max(end, begins + fragment.Duration);
        }

        void Heed((long LastPiece, long End)? index)
        {
            if (index is not { } known)
                return;
            if (known.End > reader.Length)
                promisesMore = true;
            else if (known.LastPiece > shortcut && start is null)
                shortcut = known.LastPiece;
        }

        /// <summary>The next box, or the last fragment an index knows, once the first fragment has told where time starts.</summary>
        long Onwards(long next)
        {
            if (fragments == HopsBeforeIndex && !askedIndex)
            {
                askedIndex = true;
                shortcut = FragmentIndex.LastFragment(reader, track.Id) ?? 0;
            }

            if (start is null || shortcut <= next)
                return next;

            var leap = shortcut;
            shortcut = 0;
            return Box.TryRead(reader, leap, reader.Length, out var box)
                && box.Type is BoxTypes.Moof or BoxTypes.Styp or BoxTypes.Sidx or BoxTypes.Emsg or BoxTypes.Prft
                    ? leap
                    : next;
        }
    }
}

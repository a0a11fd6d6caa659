namespace Agent.Probing.Files.Containers;

/// <summary>
/// Fragmented MP4, which is readable while it grows: every fragment says when it starts and how long its samples
/// last. Hops from fragment to fragment by their sizes; where the table at the end shows that many follow each other
/// closely, it leaps over those.
/// </summary>
static class FragmentedMp4Reader
{
    /// <summary>A fragment's headers and the next box's: enough for a second or two of samples, little enough to hop.</summary>
    const int HopLength = 1024;

    /// <summary>From here on a longer file is worth the two reads it takes to ask for an index at its end.</summary>
    const int HopsBeforeIndex = 16;

    /// <summary>As in streams: other readers go by the rate in the pictures, and the end must not lie beyond what they find.</summary>
    const int LeastTornFrameRate = 25;

    /// <summary>A promise of the header is only held against the file beyond this: writers round it.</summary>
    static readonly TimeSpan PromiseTolerance = TimeSpan.FromSeconds(1);

    /// <param name="at">Where the first box behind the header begins.</param>
    internal static ContainerReading Read(BoundedReader reader, long at, MovieHeader header)
    {
        if (header.Track is not { } track)
            return ContainerReading.Unreadable(ContainerFormat.FragmentedMp4, "the header (moov) has no track that could be read");

        var walk = new Walk(reader, header, track);
        walk.AddSamplesOfHeader();
        reader.ReadAhead = HopLength;
        walk.Follow(at);
        return walk.Result();
    }

    sealed class Walk(BoundedReader reader, MovieHeader header, Mp4Track track)
    {
        readonly MediaHoles holes = new(track.TimeScale);
        ulong? start;
        ulong end;
        uint lastSample;
        uint shortestSample = uint.MaxValue;
        bool endsAtLastBox;
        bool promisesMore;
        int fragments;
        FragmentIndex? index;

        /// <summary>What the index says of the fragment it led to, and where to go on when that is not so.</summary>
        (ulong Time, long Otherwise)? leapt;

        /// <summary>Some writers put the first seconds into the moov in the ordinary way and fragments behind it.</summary>
        internal void AddSamplesOfHeader()
        {
            if (track.SampleTable is not { } stbl || SampleTable.Open(reader, stbl) is not { } table)
                return;

            end = table.Measure(reader.Length).Duration;
            if (end == 0)
                return;
            start = 0;
            foreach (var hole in SampleTimes.Read(reader, track)?.Holes.Within(TimeSpan.MaxValue) ?? [])
                holes.Add(Units(hole.From), Math.Min(Units(hole.To), end));
        }

        internal void Follow(long at)
        {
            while (at < reader.Length && Box.TryRead(reader, at, reader.Length, out var box))
            {
                if (box.Type == BoxTypes.Sidx && box.End <= reader.Length)
                    promisesMore |= FragmentIndex.ReadPromisedEnd(reader, box) > reader.Length;
                else if (box.Type == BoxTypes.Moof && box.End <= reader.Length && !TryAdd(box))
                {
                    at = leapt!.Value.Otherwise;
                    leapt = null;
                    index = null;
                    continue;
                }

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

            // A torn file's last sample would last until one that is not there: no longer than others, or one of 25 a second.
            var certain = Math.Min(lastSample, Math.Min(shortestSample, track.TimeScale / LeastTornFrameRate));
            var torn = !endsAtLastBox || promisesMore ? lastSample - certain : 0;
            var duration = MediaTime.FromUnits(end - from - Math.Min(torn, end - from), track.TimeScale);
            var (state, detail) = promisesMore || header.PromisedDuration > duration + PromiseTolerance
                ? (ContainerState.Truncated, "the index tells of more than the bytes present")
                : endsAtLastBox ? (ContainerState.Whole, (string?)null) : (ContainerState.Open, "the last fragment is not complete");
            return new ContainerReading(state, ContainerFormat.FragmentedMp4, duration, detail)
            {
                Holes = holes.Within(duration),
                StatedStart = header.StatedStart,
            };
        }

        /// <summary>False when the index led here and this is not what it told of.</summary>
        bool TryAdd(Box moof)
        {
            var isComplete = Box.TryRead(reader, moof.End, reader.Length, out var media)
                && media.Type == BoxTypes.Mdat && media.End <= reader.Length;
            var fragment = MovieFragment.Read(reader, moof, header, track.Id, isComplete ? null : reader.Length, (start, end, holes));
            if (leapt is { } told)
            {
                if (!fragment.HasTrack || fragment.Start is not { } found || Distance(found, told.Time) > holes.Longest)
                    return false;
                leapt = null;
                end = Math.Max(end, found);
            }

            if (!fragment.HasTrack)
                return true;

            fragments++;
            var begins = fragment.Start ?? end;
            if (fragment.Duration > ulong.MaxValue - begins)
                throw new InvalidDataException("the time stamps of a fragment overflow");
            if (start is { } origin && begins > end && end >= origin)
                holes.Add(end - origin, begins - origin);
            start ??= begins;
            shortestSample = Math.Min(shortestSample, fragment.Shortest);
            if (begins + fragment.Duration >= end && fragment.Duration > 0)
                lastSample = fragment.Last;
            end = Math.Max(end, begins + fragment.Duration);
            return true;
        }

        /// <summary>The next box, or the last of the fragments that an index shows to follow it closely.</summary>
        long Onwards(long next)
        {
            if (fragments == HopsBeforeIndex && index is null && leapt is null)
            {
                fragments++; // Asked once.
                index = FragmentIndex.Open(reader, track.Id);
            }

            if (index?.Leap(next, holes.Longest) is not { } leap
                || !Box.TryRead(reader, leap.Offset, reader.Length, out var box) || box.Type != BoxTypes.Moof)
                return next;

            leapt = (leap.Time, next);
            return leap.Offset;
        }

        ulong Units(TimeSpan time) => (ulong)((UInt128)time.Ticks * track.TimeScale / (UInt128)TimeSpan.TicksPerSecond);

        static ulong Distance(ulong a, ulong b) => a > b ? a - b : b - a;
    }
}

namespace Agent.Probing.Files.Containers;

/// <summary>
/// Looks for pauses between the ends of a stream. Small samples of its middle divide it until no stretch between two
/// known times is longer than ten seconds (a 360th of a long file). A stretch that has clearly fewer bytes than its time
/// would need is divided further, down to two seconds or until it is read whole, and so are four others whatever they
/// weigh; when one of those hides a pause, all are. So every long pause is found; a single one of a few seconds may stay
/// unseen, a habit of them does not.
/// </summary>
sealed class StreamPauses(BoundedReader reader, MediaStream stream, long origin)
{
    const int CoarseSeconds = 10;
    const int CoarseParts = 360;
    const int Samples = 4;

    /// <summary>The work all this may cost; what is left undivided then is taken as it is.</summary>
    const int MostProbes = 1200;
    const long MostBytes = 20L << 20;

    /// <summary>A stretch no longer than this is read whole.</summary>
    const int SmallStretch = 64 << 10;
    static readonly int[] ProbeLengths = [16 << 10, 64 << 10, 256 << 10];

    readonly List<Stretch> coarse = [];
    int probes;

    internal MediaHoles Holes { get; } = new(stream.UnitsPerSecond);

    /// <summary>A time in the middle lies outside those at the ends.</summary>
    internal bool ClockJumps { get; private set; }

    /// <param name="head">The times from the start of the file, and how far they were read.</param>
    /// <param name="tail">The times up to its end, and from where they were read.</param>
    /// <param name="total">The latest time since the first, in units.</param>
    internal void Find((StreamClock Clock, long End) head, (StreamClock Clock, long Start) tail, long total)
    {
        var first = Times(head.Clock);
        var last = Times(tail.Clock);
        if (head.End >= tail.Start || last.Count == 0)
        {
            Step([.. first, .. last]);
            return;
        }

        Step(first);
        Step(last);
        var whole = new Stretch(head.End, first.Max(), tail.Start, last.Min());
        Divide(whole, Math.Max(CoarseSeconds * Second, total / CoarseParts), coarse);
        if (!ClockJumps)
            LookCloser();
    }

    long Second => (long)stream.UnitsPerSecond;

    void LookCloser()
    {
        List<Stretch> open = [.. coarse.Where(s => s.Time > (long)Holes.Longest)];
        if (open.Count == 0)
            return;

        var rates = open.Select(s => s.Bytes / (double)s.Time).Order().ToArray();
        var usual = rates[rates.Length / 2];
        var (light, others) = (open.Where(s => IsLight(s, usual)).ToList(), open.Where(s => !IsLight(s, usual)).ToList());
        foreach (var stretch in light)
            Divide(stretch, (long)Holes.Longest, null);

        var before = Holes.Count;
        var sampled = Enumerable.Range(0, Math.Min(Samples, others.Count)).Select(i => (int)((i + 0.5) * others.Count / Math.Min(Samples, others.Count))).ToHashSet();
        foreach (var i in sampled)
            Divide(others[i], (long)Holes.Longest, null);
        if (Holes.Count == before)
            return;
        for (var i = 0; i < others.Count; i++)
        {
            if (!sampled.Contains(i))
                Divide(others[i], (long)Holes.Longest, null);
        }
    }

    bool IsLight(Stretch stretch, double usualRate)
    {
        var expected = usualRate > 0 ? stretch.Bytes / usualRate : 0;
        return stretch.Time - expected > Holes.Longest && stretch.Time > 1.5 * expected;
    }

    void Divide(Stretch stretch, long enough, List<Stretch>? rest)
    {
        if (ClockJumps)
            return;
        if (stretch.Time < -Second)
        {
            ClockJumps = true;
            return;
        }

        if (stretch.Time <= enough)
        {
            rest?.Add(stretch);
            return;
        }

        if (stretch.Bytes <= SmallStretch)
        {
            Step([stretch.FromTime, .. Read(stretch.From, stretch.Bytes), stretch.ToTime]);
            return;
        }

        if (probes >= MostProbes || reader.BytesRead > MostBytes)
        {
            rest?.Add(stretch);
            return;
        }

        var at = stream.Align(stretch.From + stretch.Bytes / 2);
        var (found, end) = Probe(at, stretch.To);
        if (found.Count == 0)
        {
            // Nothing up to the end of the stretch: what time passes passes before. Anything else is beyond a sample.
            if (end >= stretch.To)
                Divide(stretch with { To = at }, enough, rest);
            else
                rest?.Add(stretch);
            return;
        }

        if (found[0] < stretch.FromTime - Second || found[^1] > stretch.ToTime + Second)
        {
            ClockJumps = true;
            return;
        }

        Divide(stretch with { To = at, ToTime = found[0] }, enough, rest);
        Step(found);
        Divide(stretch with { From = end, FromTime = found[^1] }, enough, rest);
    }

    (List<long> Times, long End) Probe(long at, long limit)
    {
        List<long> found = [];
        var end = at;
        foreach (var length in ProbeLengths)
        {
            probes++;
            found = Read(at, Math.Min(length, limit - at));
            end = Math.Min(limit, at + length);
            if (found.Count > 0 || end == limit)
                break;
        }

        return (found, end);
    }

    List<long> Read(long offset, long count)
    {
        if (count <= 0)
            return [];
        var clock = stream.NewClock();
        stream.Read(reader.Peek(offset, (int)count), offset, reader.Length, clock);
        return Times(clock);
    }

    List<long> Times(StreamClock clock)
    {
        var times = new List<long>(clock.Count);
        foreach (var time in clock.DecodingTimes)
        {
            var since = StreamClock.Since(origin, time, stream.Wrap);
            times.Add(since >= stream.Wrap / 2 ? since - stream.Wrap : since);
        }

        return times;
    }

    void Step(List<long> times)
    {
        times.Sort();
        for (var i = 1; i < times.Count; i++)
        {
            if (times[i - 1] >= 0)
                Holes.Step((ulong)times[i - 1], (ulong)(times[i] - times[i - 1]));
        }
    }

    /// <summary>Between two places of the file whose times are known, in units since the first.</summary>
    readonly record struct Stretch(long From, long FromTime, long To, long ToTime)
    {
        internal long Bytes => Math.Max(0, To - From);

        internal long Time => ToTime - FromTime;
    }
}

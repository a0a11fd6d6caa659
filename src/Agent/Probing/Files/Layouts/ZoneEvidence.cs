using System.Globalization;

namespace Agent.Probing.Files.Layouts;

/// <summary>
/// Says which zone the local times in names are of, from when the files were last written. A file that ends when it is written is as
/// far from its name as the recorder's clock is from UTC. Copied files say something else each, or all the same impossible thing;
/// they prove nothing and contradict nothing.
/// </summary>
internal sealed class ZoneEvidence
{
    // A recorder flushes and renames after the last picture; a container's end may lie a little after the last write.
    static readonly TimeSpan WrittenBefore = TimeSpan.FromSeconds(30);
    static readonly TimeSpan WrittenAfter = TimeSpan.FromSeconds(90);

    // Every zone in use since 1970 is a whole number of quarters of an hour from UTC.
    static readonly TimeSpan Step = TimeSpan.FromMinutes(15);
    static readonly TimeSpan Furthest = TimeSpan.FromHours(14);

    // Two minutes of every quarter are taken for an offset, so that one file in seven fits some offset by chance. This many at the same
    // offset, and this share of all, do not.
    const int Fewest = 3;

    static readonly TimeSpan LongestSummerTime = TimeSpan.FromHours(2);

    const double Share = 0.8;

    readonly List<ZoneSample> _samples;
    readonly List<ZoneSample> _witnesses;

    ZoneEvidence(List<ZoneSample> samples)
    {
        _samples = samples;
        Offsets = [.. samples.Select(OffsetOf).OfType<TimeSpan>().GroupBy(o => o).Select(g => (g.Key, g.Count())).OrderByDescending(o => o.Item2).ThenBy(o => o.Key.Duration())];
        var real = Offsets.Where(o => o.Files >= Fewest).Select(o => o.Offset).ToHashSet();
        _witnesses = [.. samples.Where(s => OffsetOf(s) is { } offset && real.Contains(offset))];
    }

    /// <summary>Files asked.</summary>
    public int Samples => _samples.Count;

    /// <summary>Files that speak for an offset with enough others.</summary>
    public int Witnesses => _witnesses.Count;

    /// <summary>How far the clock of names was ahead of UTC, and how many files say so; the most first.</summary>
    public IReadOnlyList<(TimeSpan Offset, int Files)> Offsets { get; }

    /// <summary>
    /// The files speak clearly enough to contradict somebody: most of them for one offset, or for the two of summer and winter. A tree
    /// that was copied in a minute says another offset for each hour of its names.
    /// </summary>
    public bool Speaks => Witnesses >= Fewest && Witnesses >= Share * Samples
        && (Offsets[0].Files >= Share * Samples || (Offsets[0].Files + Offsets[1].Files >= Share * Samples && (Offsets[0].Offset - Offsets[1].Offset).Duration() <= LongestSummerTime));

    public static ZoneEvidence From(IEnumerable<ZoneSample> samples) => new([.. samples]);

    /// <summary>Whether the files say that names are of this zone. False too when they say nothing.</summary>
    public bool Explains(TimeZoneInfo zone) => Speaks && _witnesses.Count(w => Fits(w, zone)) >= Share * Witnesses;

    /// <summary>Whether the files say that names are of another zone. Neither this nor <see cref="Explains"/>: they do not tell.</summary>
    public bool Contradicts(TimeZoneInfo zone) => Speaks && _witnesses.Count(w => Fits(w, zone)) < (1 - Share) * Witnesses;

    /// <summary>The zone the files speak for; null when they do not tell, or no zone explains them.</summary>
    /// <param name="likely">Zones to prefer among those that explain the files equally, the likeliest first.</param>
    public TimeZoneInfo? Infer(IEnumerable<TimeZoneInfo> likely)
    {
        if (!Speaks)
            return null;
        var candidates = likely.Concat(Fixed()).Concat(TimeZoneInfo.GetSystemTimeZones()).DistinctBy(z => z.Id, StringComparer.Ordinal);
        var (best, most) = (default(TimeZoneInfo), 0);
        foreach (var zone in candidates)
            if (_witnesses.Count(w => Fits(w, zone)) is var fitting && fitting > most)
                (best, most) = (zone, fitting);
        return most >= Share * Witnesses ? best : null;
    }

    /// <summary>
    /// The one offset from UTC that the files leave, when a zone cannot be true: enough files tell it, hardly any another, and by the zone
    /// they would all have been written before they ended, which nothing honest does. That they were written hours later than they ended
    /// proves nothing, for whatever moves files does that. Null when they do not tell so much; also of a recorder that changes its clocks.
    /// </summary>
    /// <param name="fewest">As many files must tell it.</param>
    /// <param name="zone">The zone that is doubted.</param>
    public TimeSpan? Decisive(int fewest, TimeZoneInfo zone)
    {
        if (!Speaks || Offsets[0].Files < fewest || Offsets[0].Files < Share * Samples || Offsets.Skip(1).Any(o => o.Files >= Fewest))
            return null;
        var offset = Offsets[0].Offset;
        return _samples.Where(s => OffsetOf(s) == offset).All(s => offset > zone.GetUtcOffset(s.LastWritten)) ? offset : null;
    }

    /// <summary>In plain words: "24 of 25 files were last written when their names' clock was 8 h ahead of UTC".</summary>
    public string Words()
    {
        if (Samples == 0)
            return "no whole file was found to ask";
        if (!Speaks)
            return $"when {Samples} files were last written says nothing of the zone: it does not fit the ends of their footage, as after copying";
        var told = Offsets.Where(o => o.Files >= Fewest).Select(o => $"{o.Files.ToString(CultureInfo.InvariantCulture)} of {Samples.ToString(CultureInfo.InvariantCulture)} files ended when their names' clock was {Ahead(o.Offset)}");
        return string.Join(", ", told);
    }

    /// <summary>How far the clock of the name is ahead of UTC; null when no clock is.</summary>
    internal static TimeSpan? OffsetOf(ZoneSample sample)
    {
        if (sample.Length < TimeSpan.Zero || sample.Length > TimeSpan.FromDays(2))
            return null;
        var ahead = sample.Clock - sample.LastWritten.UtcDateTime + sample.Length;
        var offset = Step * Math.Floor((ahead + WrittenAfter) / Step);
        return ahead - offset <= WrittenBefore && offset.Duration() <= Furthest ? offset : null;
    }

    /// <summary>
    /// Whether a file that tells an offset tells one of a zone's. A clock time that happens twice fits in either reading, one that never happens in none.
    /// </summary>
    internal static bool Fits(ZoneSample sample, TimeZoneInfo zone) => zone.IsInvalidTime(sample.Clock)
        ? false
        : zone.IsAmbiguousTime(sample.Clock) ? zone.GetAmbiguousTimeOffsets(sample.Clock).Contains(OffsetOf(sample) ?? TimeSpan.MinValue) : zone.GetUtcOffset(sample.Clock) == OffsetOf(sample);

    /// <summary>Whole hours from UTC without summer time, by the names that are in every zone database.</summary>
    IEnumerable<TimeZoneInfo> Fixed()
    {
        foreach (var (offset, _) in Offsets.Where(o => o.Files >= Fewest && o.Offset.Minutes == 0))
        {
            var id = offset == TimeSpan.Zero ? "UTC" : $"Etc/GMT{(offset > TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.Hours).ToString(CultureInfo.InvariantCulture)}";
            if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
                yield return zone;
        }
    }

    static string Ahead(TimeSpan offset) => offset == TimeSpan.Zero ? "UTC" : $"{offset.Duration():h\\:mm} {(offset > TimeSpan.Zero ? "ahead of" : "behind")} UTC";
}

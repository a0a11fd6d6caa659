using Agent.Evidence.Verdicts;
using Agent.Probing.Files.Indexing;
using Agent.Probing.Files.Layouts;
using Agent.Recorders;

namespace Agent.Probing.Files;

/// <summary>What the files of a recorder say of the zone of their names, held against the zone they were read by.</summary>
internal sealed class NamesZone
{
    const int MostSamples = 240;

    // An offset is taken over from no fewer files, of no fewer cameras where there are several, and of twice as many files where there is one.
    const int FewestFiles = 12, FewestCameras = 2;

    readonly Recorder _recorder;
    readonly TimeZoneInfo _said;
    readonly IReadOnlyList<ZoneSample> _newest;
    readonly ZoneEvidence _evidence;
    readonly int _cameras;

    NamesZone(Recorder recorder, TimeZoneInfo said, IReadOnlyList<ZoneSample> all, IReadOnlyList<ZoneSample> newest, int cameras)
    {
        (_recorder, _said, _newest, _cameras) = (recorder, said, newest, cameras);
        var step = Math.Max(1, all.Count / MostSamples);
        _evidence = ZoneEvidence.From(all.Where((_, i) => i % step == 0));
    }

    /// <summary>Asks the files; null when their names tell no clock.</summary>
    /// <param name="folders">What was found.</param>
    /// <param name="layout">By which it is named.</param>
    /// <param name="recorder">With the zone that names were read by.</param>
    /// <param name="times">When it was looked at.</param>
    public static NamesZone? Of(IReadOnlyList<FolderMemory> folders, Layout layout, Recorder recorder, LookTimes times)
    {
        if (!layout.NamesTellClock)
            return null;
        var said = layout.ZoneOf(recorder.Zone);
        // By a zone that is behind theirs, names of the last hours are of the future, and so not among those that are done with.
        var ahead = folders.SelectMany(f => f.Open).Select(o => o.File)
            .Where(f => f is { State: FileState.Footage or FileState.LongerThanElapsed, Camera: not null } && OpenFile.IsAhead(f, times) && OpenFile.IsLeftAlone(f, times))
            .Select(f => (Camera: f.Camera!, f.Start, f.End, f.LastWritten));
        var witnesses = folders.SelectMany(f => f.Cameras).SelectMany(c => c.Witnesses.Select(w => (c.Camera, w.Start, w.End, w.LastWritten))).Concat(ahead).ToList();
        return new NamesZone(
            recorder, said, [.. witnesses.Select(Sample)],
            [.. witnesses.GroupBy(w => w.Camera, StringComparer.Ordinal).Select(own => Sample(own.MaxBy(w => w.LastWritten)))],
            witnesses.Select(w => w.Camera).Distinct(StringComparer.Ordinal).Count());

        ZoneSample Sample((string, long Start, long End, long LastWritten) w) => new(
            TimeZoneInfo.ConvertTime(new DateTimeOffset(w.Start, TimeSpan.Zero), said).DateTime, new TimeSpan(w.End - w.Start), new DateTimeOffset(w.LastWritten, TimeSpan.Zero));
    }

    /// <summary>The finding that names are of another zone than they were read by; null when they agree, or do not tell.</summary>
    public Finding? Contradicted()
    {
        if (!IsContradicted)
            return null;
        var instead = _evidence.Infer([_recorder.Zone]) is { } other && other.BaseUtcOffset != _said.BaseUtcOffset ? $"; {other.Id} explains them" : "";
        return new Finding(FindingCode.ZoneContradicted, null, $"names were read as {_said.Id}, and {_evidence.Words()}{instead}");
    }

    /// <summary>The finding that names were read by a zone that nobody said.</summary>
    public Finding Inferred(TimeZoneInfo machine) => new(FindingCode.ZoneInferred, null,
        $"no time zone of names is configured; they were read as {_said.Id} and not as {machine.Id}, this machine's, by which files would have been written before they ended: {_evidence.Words()}");

    /// <summary>The zone by which the files should be read instead; null when there is no better one.</summary>
    /// <param name="machine">Of the machine, which is used where nothing says otherwise.</param>
    public TimeZoneInfo? Instead(TimeZoneInfo machine)
    {
        var isInferred = _said.Id != machine.Id;
        if (isInferred && _evidence.Explains(machine) && Newest(sample => ZoneEvidence.Fits(sample, machine)))
            return machine;
        return IsContradicted && _evidence.Decisive(FewestFiles * (_cameras >= FewestCameras ? 1 : 2), machine) is { } offset && Newest(sample => ZoneEvidence.OffsetOf(sample) == offset)
            ? InferredZones.Fixed(offset)
            : null;
    }

    // A zone that was inferred is held to the newest files as well: the clocks of a fixed offset never change, and a recorder's may.
    bool IsContradicted => _evidence.Contradicts(_said) || (!_recorder.IsZoneSaid && _said.Id.StartsWith(InferredZones.Prefix, StringComparison.Ordinal) && !Newest(sample => ZoneEvidence.Fits(sample, _said)));

    // Of each camera the file written last, if it says anything: not more of them say otherwise than agree.
    bool Newest(Func<ZoneSample, bool> agrees)
    {
        var telling = _newest.Where(sample => ZoneEvidence.OffsetOf(sample) is not null).ToList();
        return telling.Count(agrees) * 2 >= telling.Count;
    }
}

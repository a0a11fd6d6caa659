using Agent.Evidence.Verdicts;
using Agent.Probing.Files.Indexing;
using Agent.Probing.Files.Layouts;

namespace Agent.Probing.Files;

/// <summary>Asks the files of a recorder whether their names are of the zone that is said.</summary>
internal static class NamesZone
{
    const int MostSamples = 240;

    /// <summary>The finding that they are of another; null when they agree, or do not tell.</summary>
    /// <param name="folders">What was found.</param>
    /// <param name="layout">By which it is named.</param>
    /// <param name="recorderZone">The zone that is said.</param>
    public static Finding? Contradicted(IReadOnlyList<FolderMemory> folders, Layout layout, TimeZoneInfo recorderZone)
    {
        if (!layout.NamesTellClock)
            return null;
        var said = layout.ZoneOf(recorderZone);
        var witnesses = folders.SelectMany(f => f.Cameras).SelectMany(c => c.Witnesses).ToList();
        var step = Math.Max(1, witnesses.Count / MostSamples);
        var evidence = ZoneEvidence.From(witnesses.Where((_, i) => i % step == 0).Select(w => new ZoneSample(
            TimeZoneInfo.ConvertTime(new DateTimeOffset(w.Start, TimeSpan.Zero), said).DateTime, new TimeSpan(w.End - w.Start), new DateTimeOffset(w.LastWritten, TimeSpan.Zero))));
        if (!evidence.Contradicts(said))
            return null;
        var instead = evidence.Infer([recorderZone]) is { } other ? $"; {other.Id} explains them" : "";
        return new Finding(FindingCode.ZoneContradicted, null, $"names were read as {said.Id}, and {evidence.Words()}{instead}");
    }
}

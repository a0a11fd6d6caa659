using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing.Files.Volumes;

namespace Agent.Rounds;

/// <summary>The volume of one recorder, and how long it holds what is written there. With names of places and cameras: it stays on this host.</summary>
/// <param name="Recorder">The recorder.</param>
/// <param name="Volume">Where the volume is mounted.</param>
/// <param name="FileSystem">Its file system's name; empty when not known.</param>
/// <param name="Kind">What that is.</param>
/// <param name="State">How it stands to what was seen before.</param>
/// <param name="IsReadOnly">It takes no writes.</param>
/// <param name="IsFull">It has no room.</param>
/// <param name="CapacityBytes">All of it; null when it did not say.</param>
/// <param name="FreeBytes">What can still be written; null when it did not say.</param>
/// <param name="BytesPerDay">What all cameras on this volume write, those of other recorders too; null when too little is known.</param>
/// <param name="HoldsDays">Days of that the volume can hold; null when not known.</param>
/// <param name="Cameras">The cameras of this recorder.</param>
internal sealed record RecorderStorage(
    string Recorder, string Volume, string FileSystem, VolumeKind Kind, VolumeState State, bool IsReadOnly, bool IsFull,
    long? CapacityBytes, long? FreeBytes, double? BytesPerDay, double? HoldsDays, IReadOnlyList<CameraWriting> Cameras)
{
    /// <summary>Of every recorder whose volume was looked at. Recorders on one volume share it.</summary>
    public static IReadOnlyList<RecorderStorage> Of(IReadOnlyList<RoundResult> results) =>
    [
        .. results.Where(r => r.Outcome.Volume is { Point.Length: > 0 }).GroupBy(r => r.Outcome.Volume!.Point, StringComparer.Ordinal)
            .SelectMany(OfVolume).OrderBy(s => s.Recorder, StringComparer.Ordinal),
    ];

    /// <summary>What a person must look at: a camera whose volume will not hold the days that bind it. Without a name in it.</summary>
    public Finding? FindingOf(string camera, SiteCalendar calendar) => Cameras.FirstOrDefault(c => c.Camera == camera) is { DropsOn: { } drops } writing
        ? new Finding(FindingCode.StorageTooSmall, null, FormattableString.Invariant(
            $"at this rate the volume holds {HoldsDays:0.0} of {writing.RequiredDays} d; under {writing.RequiredDays} d from {TimeZoneInfo.ConvertTime(drops, calendar.Zone):yyyy-MM-dd}"))
        : null;

    static IEnumerable<RecorderStorage> OfVolume(IGrouping<string, RoundResult> results)
    {
        var newest = results.MaxBy(r => r.Outcome.LookedAt)!.Outcome;
        var forecast = newest.Volume is { FreeBytes: { } free, State: VolumeState.Present or VolumeState.Replaced }
            ? StorageForecast.Of(results.Key, free, [.. results.SelectMany(r => r.Cameras).Where(c => c.Footage is not null).Select(TakenBy)], newest.LookedAt)
            : new StorageForecast(results.Key, null, null, []);
        foreach (var (volume, recorder) in results.Select(r => (r.Outcome.Volume!, r.Outcome.Recorder)))
            yield return new RecorderStorage(
                recorder, volume.Point, volume.FileSystem, volume.Kind, volume.State, volume.IsReadOnly, volume.IsFull, volume.CapacityBytes, volume.FreeBytes,
                forecast.BytesPerDay, forecast.HoldsDays,
                [.. forecast.Cameras.Where(c => c.Storage.Recorder == recorder).Select(c => new CameraWriting(c.Storage.Camera, c.Storage.BytesPerDay, c.Storage.RequiredDays, c.DropsOn))]);
    }

    // Days are those that passed, not those that were recorded: a camera that records when something moves writes less a day, and needs less room.
    static CameraStorage TakenBy(CameraReport report)
    {
        var footage = report.Footage!;
        var now = footage.Observation.LookedAt;
        var last = footage.Observation.Recorded.Clip(new TimeRange(now - CameraStorage.LastDays, now));
        var kept = footage.Observation.Recorded is [var oldest, ..] ? now - oldest.From : TimeSpan.Zero;
        var recent = last is [var first, ..] ? now - first.From : TimeSpan.Zero;
        var all = footage.Observation.Recorded.Length;
        var bytes = footage.RecentBytes ?? (all > TimeSpan.Zero ? (long)(footage.Bytes * (last.Length / all)) : 0);
        return new CameraStorage(report.Recorder, report.Camera, report.Assessment.RequiredDays, footage.Bytes, kept, bytes, recent);
    }
}

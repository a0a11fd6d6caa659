using System.Globalization;
using Agent.Evidence.Verdicts;
using Agent.Probing.Files;
using Agent.Probing.Files.Volumes;

namespace Agent.Rounds;

/// <summary>Says how the volumes stand, so that a local admin understands it.</summary>
internal static class StorageWords
{
    static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>"recordings: ext4 at /srv, 1.2 TiB of 4.0 TiB free, 90.0 GiB written a day; at this rate the volume holds 11.3 days".</summary>
    public static string Sentence(RecorderStorage storage)
    {
        var text = $"{storage.Recorder}: {(storage.FileSystem.Length > 0 ? storage.FileSystem : "a volume")} at {Printable.Text(storage.Volume)}";
        if (storage.State != VolumeState.Present)
            text += $", {storage.State.ToString().ToLowerInvariant()}";
        if (storage.IsReadOnly)
            text += ", read-only";
        if (storage is { FreeBytes: { } free, CapacityBytes: { } capacity })
            text += $", {Size(free)} of {Size(capacity)} free{(storage.IsFull ? ", which is full" : "")}";
        return storage is { BytesPerDay: { } rate, HoldsDays: { } days }
            ? string.Create(CultureInfo.InvariantCulture, $"{text}, {Size(rate)} written a day; at this rate the volume holds {days:0.0} days")
            : text;
    }

    /// <summary>"front_door drops under 15 days on 2026-12-03", for each camera that does.</summary>
    public static IEnumerable<string> Drops(RecorderStorage storage, SiteCalendar calendar) =>
        from camera in storage.Cameras
        where camera.DropsOn is not null
        let day = TimeZoneInfo.ConvertTime(camera.DropsOn!.Value, calendar.Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        select $"{Printable.Text(camera.Camera)} drops under {camera.RequiredDays} days on {day}";

    static string Size(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < Units.Length - 1; unit++)
            bytes /= 1024;
        return $"{bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}

using System.Globalization;
using System.Text.Json;
using Agent.Recorders;

namespace Agent.Probing.Files;

/// <summary>
/// Zones of names that nobody said and the files of a recorder showed, kept as a small file of the data directory: a start of the
/// service does not read the same names as of other hours. It can be thrown away; then the files are asked again.
/// </summary>
internal sealed class InferredZones
{
    public const string FileName = "zones.json";

    /// <summary>How the names of such zones begin.</summary>
    public const string Prefix = "UTC offset ";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    readonly string? _file;
    readonly Lock _lock = new();
    readonly Dictionary<string, int> _minutes = new(StringComparer.Ordinal);

    /// <param name="directory">Where they are kept; null keeps them for this process only.</param>
    public InferredZones(string? directory)
    {
        if (directory is null)
            return;
        _file = Path.Combine(directory, FileName);
        try
        {
            foreach (var (recorder, minutes) in JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(_file), Json) ?? [])
                if (minutes is >= -14 * 60 and <= 14 * 60)
                    _minutes[recorder] = minutes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // Not there yet, or no longer whole: nothing is remembered.
        }
    }

    /// <summary>A zone without summer time, so many whole minutes ahead of UTC.</summary>
    public static TimeZoneInfo Fixed(TimeSpan offset)
    {
        var name = $"{Prefix}{(offset < TimeSpan.Zero ? '-' : '+')}{offset.ToString("hh\\:mm", CultureInfo.InvariantCulture)}";
        return TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
    }

    /// <summary>A recorder with the zone that its names are read by.</summary>
    public Recorder By(Recorder recorder)
    {
        lock (_lock)
            return !recorder.IsZoneSaid && _minutes.TryGetValue(KeyOf(recorder), out var minutes) ? recorder with { Zone = Fixed(TimeSpan.FromMinutes(minutes)) } : recorder;
    }

    /// <summary>From now on it is read by another zone; by its own when that is what is given.</summary>
    public void Keep(Recorder recorder, TimeZoneInfo zone)
    {
        lock (_lock)
        {
            if (zone.Id == recorder.Zone.Id)
                _minutes.Remove(KeyOf(recorder));
            else
                _minutes[KeyOf(recorder)] = (int)zone.BaseUtcOffset.TotalMinutes;
            if (_file is not null)
                Write(_file);
        }
    }

    static string KeyOf(Recorder recorder) => $"{recorder.Id} {recorder.Path}";

    // A look must not fail because this cannot be written; a full disk is told by the ledger.
    void Write(string file)
    {
        try
        {
            File.WriteAllText(file + ".tmp", JsonSerializer.Serialize(_minutes, Json));
            File.Move(file + ".tmp", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}

using System.Text.Json;

namespace Agent.Probing.Files.Volumes;

/// <summary>
/// Which volume each recorder's footage was last seen on, kept as a small file of the data directory, so that a disk that is not
/// mounted after a restart is missed. It can be thrown away: then what is mounted now is taken for what belongs there.
/// </summary>
internal sealed class VolumeMemory
{
    public const string FileName = "volumes.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    readonly string? _file;
    readonly Lock _lock = new();
    readonly Dictionary<string, KeptVolume> _volumes = new(StringComparer.Ordinal);

    /// <param name="directory">Where it is kept; null keeps it for this process only.</param>
    public VolumeMemory(string? directory)
    {
        if (directory is null)
            return;
        Directory.CreateDirectory(directory);
        _file = Path.Combine(directory, FileName);
        try
        {
            foreach (var (recorder, volume) in JsonSerializer.Deserialize<Dictionary<string, KeptVolume>>(File.ReadAllText(_file), Json) ?? [])
                _volumes[recorder] = volume;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // Not there yet, or no longer whole: nothing is remembered.
        }
    }

    public KeptVolume? Of(string recorder)
    {
        lock (_lock)
            return _volumes.GetValueOrDefault(recorder);
    }

    public void Keep(string recorder, KeptVolume volume)
    {
        lock (_lock)
        {
            if (_volumes.GetValueOrDefault(recorder) == volume)
                return;
            _volumes[recorder] = volume;
            if (_file is not null)
                Write(_file);
        }
    }

    // A look must not fail because its memory cannot be written; a full disk is told by the ledger.
    void Write(string file)
    {
        try
        {
            File.WriteAllText(file + ".tmp", JsonSerializer.Serialize(_volumes, Json));
            File.Move(file + ".tmp", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}

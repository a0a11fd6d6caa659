using System.Collections.Frozen;

namespace AuditServer.Sites;

/// <summary>
/// The agents pinned in a folder. Every question looks whether something changed, so a key can be dropped in or revoked while the
/// server runs: at the folder and the one file for a key that is pinned, at all files for one that is not. A file that cannot be read
/// pins nothing.
/// </summary>
sealed class PinnedAgents(string folder, Serilog.ILogger log)
{
    readonly Lock _reading = new();
    List<(string File, long Length, DateTime Written)> _seen = [];
    DateTime _folderWritten;
    FrozenDictionary<string, PinnedAgent> _byKid = FrozenDictionary<string, PinnedAgent>.Empty;
    FrozenDictionary<string, (string File, long Length, DateTime Written)> _fileOf = FrozenDictionary<string, (string, long, DateTime)>.Empty;

    /// <summary>The agent a key is pinned for; null when it is not pinned.</summary>
    public PinnedAgent? Find(string kid)
    {
        lock (_reading)
        {
            if (_fileOf.TryGetValue(kid, out var seen) && new FileInfo(seen.File) is { Exists: true } file
                && file.Length == seen.Length && file.LastWriteTimeUtc == seen.Written && Directory.GetLastWriteTimeUtc(folder) == _folderWritten)
                return _byKid.GetValueOrDefault(kid);

            return Current().GetValueOrDefault(kid);
        }
    }

    /// <summary>All pins, revoked ones too.</summary>
    public IReadOnlyCollection<PinnedAgent> All() => Current().Values;

    FrozenDictionary<string, PinnedAgent> Current()
    {
        lock (_reading)
        {
            // Taken first: what changes while the files are read is looked at again.
            var folderWritten = Directory.GetLastWriteTimeUtc(folder);
            var now = new DirectoryInfo(folder).EnumerateFiles(PinFile.Pattern)
                .Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc))
                .OrderBy(file => file.FullName, StringComparer.Ordinal).ToList();
            if (!now.SequenceEqual(_seen))
            {
                var read = now.Select(file => (Seen: file, Pin: TryRead(file.FullName))).Where(file => file.Pin is not null).ToList();
                _byKid = Believed([.. read.Select(file => file.Pin!)]);
                _fileOf = read.Where(file => _byKid.ContainsKey(file.Pin!.Key.Thumbprint)).ToFrozenDictionary(file => file.Pin!.Key.Thumbprint, file => file.Seen);
                _seen = now;
            }

            _folderWritten = folderWritten;

            return _byKid;
        }
    }

    FrozenDictionary<string, PinnedAgent> Believed(List<PinnedAgent> pins)
    {
        // Two files that disagree about one key or one agent: nobody can say which is meant, so neither is believed.
        var ambiguous = pins.GroupBy(pin => pin.Key.Thumbprint).Where(same => same.Count() > 1).SelectMany(same => same)
            .Concat(pins.GroupBy(pin => pin.Agent).Where(same => same.Select(pin => pin.Site).Distinct().Count() > 1).SelectMany(same => same))
            .ToHashSet();
        foreach (var pin in ambiguous)
            log.Error("Key {Kid} of agent {Agent} at site {Site} is not believed: two pin files contradict each other", pin.Key.Thumbprint, pin.Agent, pin.Site);

        return pins.Where(pin => !ambiguous.Contains(pin)).ToFrozenDictionary(pin => pin.Key.Thumbprint);
    }

    PinnedAgent? TryRead(string file)
    {
        try
        {
            return PinFile.Read(file);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            log.Error("{File} pins nothing: {Reason}", file, e.Message);
            return null;
        }
    }
}

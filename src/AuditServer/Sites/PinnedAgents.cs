using System.Collections.Frozen;

namespace AuditServer.Sites;

/// <summary>
/// The agents pinned in a folder. Every question looks whether the folder changed, so a key can be dropped in or revoked while the
/// server runs; a few thousand files cost a few milliseconds. A file that cannot be read pins nothing.
/// </summary>
sealed class PinnedAgents(string folder, Serilog.ILogger log)
{
    readonly Lock _reading = new();
    List<(string File, long Length, DateTime Written)> _seen = [];
    FrozenDictionary<string, PinnedAgent> _byKid = FrozenDictionary<string, PinnedAgent>.Empty;

    /// <summary>The agent a key is pinned for; null when it is not pinned.</summary>
    public PinnedAgent? Find(string kid) => Current().GetValueOrDefault(kid);

    /// <summary>All pins, revoked ones too.</summary>
    public IReadOnlyCollection<PinnedAgent> All() => Current().Values;

    FrozenDictionary<string, PinnedAgent> Current()
    {
        lock (_reading)
        {
            var now = new DirectoryInfo(folder).EnumerateFiles(PinFile.Pattern)
                .Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc))
                .OrderBy(file => file.FullName, StringComparer.Ordinal).ToList();
            if (!now.SequenceEqual(_seen))
            {
                _byKid = ReadAll(now.Select(file => file.FullName));
                _seen = now;
            }

            return _byKid;
        }
    }

    FrozenDictionary<string, PinnedAgent> ReadAll(IEnumerable<string> files)
    {
        var pins = files.Select(TryRead).OfType<PinnedAgent>().ToList();

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

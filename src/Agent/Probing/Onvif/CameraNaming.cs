using Agent.Recorders;

namespace Agent.Probing.Onvif;

/// <summary>Which recordings are of which camera, and what that camera is called.</summary>
internal static class CameraNaming
{
    /// <summary>
    /// Recordings of one source are of one camera. It has the name that is declared for it, else its own where no other camera has the
    /// same, else the id of its source.
    /// </summary>
    /// <param name="recordings">All of a recorder.</param>
    /// <param name="declared">What the site declares of its cameras, by their names.</param>
    public static SortedDictionary<string, List<StoredRecording>> Cameras(IEnumerable<StoredRecording> recordings, IReadOnlyDictionary<string, CameraOptions> declared)
    {
        var sources = recordings.Where(r => r.HasVideo).GroupBy(r => (r.SourceId, Name: r.SourceId.Length > 0 ? r.SourceName : "")).SelectMany(Sources).ToList();
        var names = sources.GroupBy(s => s.Recordings[0].SourceName, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var ids = sources.GroupBy(s => s.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var cameras = new SortedDictionary<string, List<StoredRecording>>(StringComparer.Ordinal);
        foreach (var (id, stored) in sources)
        {
            var own = stored[0].SourceName;
            var name = Declared(stored, declared) ?? (own.Length > 0 && names[own] == 1 ? own : ids[id] == 1 ? id : stored[0].Token);
            if (cameras.TryGetValue(name, out var known))
                known.AddRange(stored);
            else
                cameras[name] = stored;
        }

        return cameras;
    }

    /// <summary>
    /// An id of a source that several channels bear (some put the recorder's own there) must not make one camera of them: a dead one would
    /// hide behind a living one. Different jobs tell them apart; without an id the job alone says what is one camera.
    /// </summary>
    static IEnumerable<(string Id, List<StoredRecording> Recordings)> Sources(IGrouping<(string SourceId, string Name), StoredRecording> group)
    {
        var id = group.Key.SourceId;
        if (id.Length > 0 && group.Select(r => r.JobSource).Where(job => job is not null).Distinct().Count() <= 1)
            return [(id, [.. group])];
        return group.GroupBy(r => r.JobSource ?? r.Token, StringComparer.Ordinal).Select(g => (id.Length > 0 ? $"{id} {g.Key}" : g.Key, g.ToList()));
    }

    static string? Declared(List<StoredRecording> recordings, IReadOnlyDictionary<string, CameraOptions> declared)
    {
        foreach (var (name, options) in declared)
        {
            var called = options.Source ?? name;
            if (recordings.Exists(r => called == r.Token || called == r.SourceId || called == r.SourceName || called == r.JobSource))
                return name;
        }

        return null;
    }
}

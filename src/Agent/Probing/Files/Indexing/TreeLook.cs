using Agent.Probing.Files.Volumes;

namespace Agent.Probing.Files.Indexing;

/// <summary>
/// Goes through a recorder's tree, folder by folder in the order of names, and lists and reads only what may have changed since the
/// look before. Without an index everything is new.
/// </summary>
/// <param name="root">Full path of the recorder's folder.</param>
/// <param name="rules">Which entries are looked at.</param>
/// <param name="layout">Name of the layout.</param>
/// <param name="files">Looks at the files of one folder.</param>
/// <param name="index">What is known; null to know nothing and keep nothing.</param>
/// <param name="times">When the look is.</param>
/// <param name="notes">Takes what has gone.</param>
/// <param name="cancel">Ends it early.</param>
internal sealed class TreeLook(
    string root, TreeRules rules, string layout, FolderLook files, DirectoryIndex? index, LookTimes times, LookNotes notes, CancellationToken cancel)
{
    /// <summary>After so long every file of a folder is held against its record.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    const string CannotBeListed = "it cannot be listed";

    // An inventory that was broken off after an hour goes on from here.
    const int FoldersBetweenCheckpoints = 512;

    readonly Dictionary<ulong, VolumeKind> _kinds = [];
    readonly List<FolderMemory> _found = [];
    readonly HashSet<string> _listed = new(StringComparer.Ordinal);

    ulong _rootVolume;
    int _sinceCheckpoint;

    /// <summary>The folders found, in the order in which they were visited.</summary>
    public IReadOnlyList<FolderMemory> Found => _found;

    /// <summary>Folders that could not be listed, relative to the root, with the reason.</summary>
    public List<(string RelativePath, string Reason)> Unreadable { get; } = [];

    /// <summary>One of them could not for a reason that may pass.</summary>
    public bool IsUnsteady { get; private set; }

    public int Links => _found.Sum(f => f.Links);

    public long Files => _found.Sum(f => (long)f.Files);

    public void Run()
    {
        var folders = new Stack<string>();
        folders.Push("");
        while (folders.TryPop(out var relative))
        {
            cancel.ThrowIfCancellationRequested();
            if (Visit(relative) is not { } folder)
                continue;
            _found.Add(folder);
            for (var i = folder.Below.Count - 1; i >= 0; i--)
                folders.Push(Join(relative, folder.Below[i])); // a stack gives them back in ascending order
        }

        WatchNewest();
    }

    FolderMemory? Visit(string relative)
    {
        var full = FullOf(relative);
        var known = index?.Find(relative);
        if (OpenFolder.Stat(full, relative.Length == 0, out var answer) is not { } stamp)
            return CannotLook(relative, answer);
        if (relative.Length == 0)
        {
            _rootVolume = stamp.Volume;
            // What comes with another volume is new to us, and nobody put it there late.
            notes.IsOtherVolume = known is not null && known.Stamp.Volume != stamp.Volume;
        }

        var isMount = stamp.Volume != _rootVolume;
        if (known is { IsMount: true } && !isMount)
            return Hidden(relative, "the volume that was mounted here is not", passing: true);
        if (known is not null && known.IsTrusted(stamp, times, KindOf(stamp.Volume, full)))
            return Refresh(known, full);
        return List(relative, full, stamp, isMount, known);
    }

    /// <summary>Nothing can have changed but the files that are open.</summary>
    FolderMemory? Refresh(FolderMemory known, string full)
    {
        foreach (var bad in known.UnspeakableBelow)
            Hidden(Join(known.Path, bad), SegmentReader.NameNotUtf8, passing: false);
        notes.Passed(known.Files, known.Path);
        if (known.Open.Count == 0)
            return known;
        using var folder = OpenFolder.Open(full, known.Path.Length == 0, out var answer);
        if (folder is null)
            return CannotLook(known.Path, answer);
        // What a database lists may lie in its log, and is then in no stamp of its own.
        return known.Open.All(open => OpenFile.Is(open.File, times) && open.File.State is not (FileState.UnreadableFile or FileState.UnplacedUnreadable)
            && !(open.File.IsIndex && folder.StatFile($"{open.File.Name}-wal", out _) is { Size: > 0 }) && folder.StatFile(open.File.Name, out _) is { } stamp && stamp.IsSame(open.File.Stamp))
            ? known
            : Update(known, folder, full, listed: null, everyFile: false, doubted: -1, known);
    }

    FolderMemory? List(string relative, string full, FileStamp stamp, bool isMount, FolderMemory? known)
    {
        // What changed of the folder but not its content are permissions, which its files may have lost as well.
        var everyFile = known is null || times.Now >= known.NextListing || (known.Stamp.Modified == stamp.Modified && known.Stamp.Changed != stamp.Changed);
        _listed.Add(relative);
        var doubted = -1;
        UInt128? fingerprint = null;
        if (known is not null && everyFile && Relist(known, full, stamp, isMount, out fingerprint, out doubted) is { } same)
            return same;
        using var folder = OpenFolder.Open(full, relative.Length == 0, out var answer);
        if (folder is null)
            return CannotLook(relative, answer);
        var content = folder.List(rules);
        foreach (var bad in content.UnspeakableBelow)
            Hidden(Join(relative, bad), SegmentReader.NameNotUtf8, passing: false);
        if (content.Failure is { } failure)
            Hidden(relative, failure, passing: !content.Denied);

        var now = new FolderMemory
        {
            Path = relative,
            Stamp = stamp,
            Listed = times.Now,
            NextListing = known is null ? times.Now + FirstDelay(relative) : everyFile ? times.Now + Day : known.NextListing,
            Below = content.Below,
            UnspeakableBelow = content.UnspeakableBelow,
            Links = content.Links,
            IsMount = isMount,
            IsUnsettled = content.Failure is not null,
            Fingerprint = fingerprint,
        };
        if (known is not null && content.Failure is null)
            foreach (var gone in known.Below.Except(content.Below, StringComparer.Ordinal))
                Forget(Join(relative, gone));
        return Update(known, folder, full, content, everyFile, doubted, now);
    }

    /// <summary>Every file of a folder by its stamp, and one by its bytes; null when anything is not as it was, or cannot be told so.</summary>
    /// <param name="fingerprint">Of what is there, taken before anything else is looked at: a change meanwhile is one at the next listing.</param>
    /// <param name="doubted">The file that was read and says otherwise than its record; negative for none.</param>
    FolderMemory? Relist(FolderMemory known, string full, FileStamp stamp, bool isMount, out UInt128? fingerprint, out int doubted)
    {
        doubted = -1;
        using var folder = OpenFolder.Open(full, known.Path.Length == 0, out _);
        fingerprint = folder?.Fingerprint(rules);
        if (folder is null || fingerprint is null || known.IsUnsettled || known.Open.Count > 0 || index?.FilesOf(known.Path) is not { } records)
            return null;
        var chosen = FolderLook.Doubt(records);
        if (chosen >= 0 && !files.Holds(folder, full, known.Path, records[chosen]))
            doubted = chosen;
        if (doubted >= 0 || fingerprint != known.Fingerprint)
            return null;
        notes.Passed(known.Files, known.Path);
        var same = known with { Stamp = stamp, Listed = times.Now, NextListing = times.Now + Day, IsMount = isMount };
        index.StageRelisting(same);
        return same;
    }

    FolderMemory Update(FolderMemory? known, OpenFolder folder, string full, FolderContent? listed, bool everyFile, int doubted, FolderMemory now)
    {
        var before = known is null || index is null ? known is null ? [] : null : index.FilesOf(now.Path);
        // A row that is lost is made from the whole folder, which must be listed for that.
        if (before is null && listed is null)
            (listed, everyFile) = (folder.List(rules), true);
        var records = files.Update(folder, full, now.Path, listed, before, everyFile, doubted, isNew: known is null, out var unsettled);
        var memory = now.With(records, layout, times);
        memory.IsUnsettled |= unsettled || listed?.Failure is not null;
        if (index is null || listed?.Failure is not null)
            return memory; // a listing that broke off is no knowledge: what it does not name may be there
        index.Stage(memory, records);
        if (index.LastComplete is null && ++_sinceCheckpoint >= FoldersBetweenCheckpoints)
        {
            index.Take(layout, complete: null);
            _sinceCheckpoint = 0;
        }

        return memory;
    }

    /// <summary>
    /// The newest segment of a camera may grow for longer than anything is written to its folder. Where it is not open anyway, it is
    /// held against its record at every look.
    /// </summary>
    void WatchNewest()
    {
        var newest = new Dictionary<string, (int Folder, long Start)>(StringComparer.Ordinal);
        var newestOpen = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < _found.Count; i++)
        {
            foreach (var held in _found[i].Cameras)
                if (held.Newest is { } file && (!newest.TryGetValue(held.Camera, out var before) || file.Start > before.Start))
                    newest[held.Camera] = (i, file.Start);
            foreach (var open in _found[i].Open)
                if (open.File.Camera is { } camera && !OpenFile.IsAhead(open.File, times))
                    newestOpen[camera] = Math.Max(newestOpen.GetValueOrDefault(camera), open.File.Start);
        }

        foreach (var (camera, (at, start)) in newest.OrderBy(n => n.Value.Folder))
        {
            if (newestOpen.GetValueOrDefault(camera) > start || _listed.Contains(_found[at].Path))
                continue;
            var memory = _found[at];
            if (memory.Cameras.FirstOrDefault(c => c.Camera == camera)?.Newest is not { } file || file.Start != start)
                continue;
            var full = FullOf(memory.Path);
            using var folder = OpenFolder.Open(full, memory.Path.Length == 0, out _);
            if (folder?.StatFile(file.Name, out _) is { } stamp && !stamp.IsSame(file.Stamp))
                _found[at] = Update(memory, folder, full, listed: null, everyFile: true, doubted: -1, memory);
        }
    }

    FolderMemory? CannotLook(string relative, FolderAnswer answer) => answer switch
    {
        // The recorder removed it meanwhile: looked, and it is not there.
        FolderAnswer.Gone when relative.Length > 0 => Vanished(relative),
        FolderAnswer.Denied => Hidden(relative, "permission denied", passing: false),
        _ => Hidden(relative, CannotBeListed, passing: true),
    };

    FolderMemory? Hidden(string relative, string reason, bool passing)
    {
        Unreadable.Add((relative, reason));
        IsUnsteady |= passing;
        return null;
    }

    FolderMemory? Vanished(string relative)
    {
        Forget(relative);
        return null;
    }

    void Forget(string relative)
    {
        if (index?.Find(relative) is not { } folder)
            return;
        foreach (var held in folder.Cameras)
            if (held.Ranges.Sum(r => r.To - r.From) is > 0 and var length)
                foreach (var (from, to) in held.Ranges)
                    notes.Went(held.Camera, from, to, (long)((double)(held.Bytes - held.LateBytes) * (to - from) / length));
        foreach (var open in folder.Open)
            notes.Went(open.File);
        index.StageRemoval(relative);
        foreach (var below in folder.Below)
            Forget(Join(relative, below));
    }

    VolumeKind KindOf(ulong volume, string full) =>
        _kinds.TryGetValue(volume, out var kind) ? kind : _kinds[volume] = FolderVolume.KindOf(full);

    // Spread over the day, so that the listing of everything does not come all at once.
    static TimeSpan FirstDelay(string relative) => Day * (0.25 + 0.75 * ((uint)StringComparer.Ordinal.GetHashCode(relative) / (double)uint.MaxValue));

    string FullOf(string relative) => relative.Length == 0 ? root : Path.Join(root, relative);

    static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";
}

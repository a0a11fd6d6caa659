using System.Globalization;
using Agent.Evidence.Timelines;

namespace Agent.Probing.Files.Indexing;

/// <summary>
/// What is known of one recorder's folders from earlier looks, in memory, and of their files, on disk. A look stages what it changes;
/// only one that did not fail is taken over.
/// </summary>
internal sealed class DirectoryIndex : IDisposable
{
    const string LayoutSetting = "layout", CompleteSetting = "complete";

    readonly string _file;
    readonly string _key;
    readonly Dictionary<string, FolderMemory> _folders = new(StringComparer.Ordinal);
    readonly Dictionary<string, FolderMemory?> _staged = new(StringComparer.Ordinal);

    DirectoryIndexStore? _store;
    bool _isOpen, _isUnwritable;

    /// <param name="file">Where it is kept.</param>
    /// <param name="key">What it is the index of: recorder, configured layout, zone.</param>
    public DirectoryIndex(string file, string key)
    {
        _file = file;
        _key = string.Create(CultureInfo.InvariantCulture, $"{DirectoryIndexStore.FormatVersion}\n{key}");
    }

    /// <summary>Held by whoever looks: one look at a time.</summary>
    public Lock Looking { get; } = new();

    /// <summary>Name of the layout that its files were placed by; null when there are none.</summary>
    public string? Layout { get; private set; }

    /// <summary>When the last look began that saw every folder.</summary>
    public DateTimeOffset? LastComplete { get; private set; }

    /// <summary>Rows that did not hold, since this was last asked.</summary>
    public int DamagedRows { get; set; }

    /// <summary>Why it could not be written; null when it could.</summary>
    public string? NotKept { get; private set; }

    /// <summary>How much of it is known.</summary>
    public int Folders => _folders.Count;

    /// <summary>Reads it from disk, the first time. A damaged one is made anew.</summary>
    /// <param name="isLayout">Whether there still is a layout of that name.</param>
    /// <param name="times">The look it is read for.</param>
    /// <returns>Whether it was damaged.</returns>
    public bool Open(Func<string, bool> isLayout, LookTimes times)
    {
        if (_isOpen)
            return false;
        try
        {
            _store = DirectoryIndexStore.Open(_file, _key);
            _isOpen = true;
            NotKept = null;
            if (_store.Setting(LayoutSetting) is { } layout && isLayout(layout))
                Load(_store, layout, times);
            return false;
        }
        catch (IndexDamagedException)
        {
            Rebuild();
            return true;
        }
        catch (IndexNotKeptException e)
        {
            NotKept = e.Message; // tried again at the next look
            return false;
        }
    }

    public FolderMemory? Find(string path) => _staged.TryGetValue(path, out var staged) ? staged : _folders.GetValueOrDefault(path);

    /// <summary>What was known of a camera before this look: its footage, and what its segments without an end may have held.</summary>
    public RangeSet Known(string camera)
    {
        var ranges = new List<TimeRange>();
        foreach (var folder in _folders.Values)
        {
            foreach (var held in folder.Cameras.Where(c => c.Camera == camera))
            {
                ranges.AddRange(held.Ranges.Select(r => new TimeRange(At(r.From), At(r.To))));
                ranges.AddRange(held.Loose.Where(l => l.LastWritten > l.Start).Select(l => new TimeRange(At(l.Start), At(l.LastWritten))));
            }

            ranges.AddRange(folder.Open.Where(o => o.File.Camera == camera && o.File is { HasFootage: true, IsLate: false }).SelectMany(o => o.File.Pieces));
            ranges.AddRange(folder.Open.Where(o => o.File.Camera == camera && o.File.IsLoose && o.File.LastWritten > o.File.Start)
                .Select(o => new TimeRange(At(o.File.Start), At(o.File.LastWritten))));
        }

        return RangeSet.Of(ranges, TimelineBuilder.Join);
    }

    /// <summary>The files of a folder as they were; null when that is not known, or not to be believed.</summary>
    public List<FileRecord>? FilesOf(string path)
    {
        if (_store?.Read(path) is not { } row)
            return null;
        if (FolderRows.Unpack(path, row) is { } folder)
            return folder.Files;
        DamagedRows++;
        return null;
    }

    /// <summary>Puts a folder as it is now beside what is known, until the look is over.</summary>
    public void Stage(FolderMemory folder, IReadOnlyList<FileRecord> files)
    {
        _staged[folder.Path] = folder;
        Write(store => store.Write(folder.Path, FolderRows.Pack(folder, files)));
    }

    /// <summary>The same for a folder that was listed again and is as it was: its row stands.</summary>
    public void StageRelisting(FolderMemory folder)
    {
        _staged[folder.Path] = folder;
        Write(store => store.Relist(folder.Path, folder.Listed.UtcTicks));
    }

    /// <summary>A folder is not there any more.</summary>
    public void StageRemoval(string path)
    {
        _staged[path] = null;
        Write(store => store.Remove(path));
    }

    /// <summary>Takes over what was staged.</summary>
    /// <param name="layout">The layout its files were placed by.</param>
    /// <param name="complete">When the look began, if it saw every folder.</param>
    public void Take(string layout, DateTimeOffset? complete)
    {
        Write(store =>
        {
            if (layout != Layout)
                store.Set(LayoutSetting, layout);
            if (complete is { } began)
                store.Set(CompleteSetting, began.UtcTicks.ToString(CultureInfo.InvariantCulture));
            store.Commit();
        });
        foreach (var (path, folder) in _staged)
            if (folder is null)
                _folders.Remove(path);
            else
                _folders[path] = folder;
        _staged.Clear();
        (Layout, LastComplete) = (layout, complete ?? LastComplete);
    }

    /// <summary>Forgets what was staged.</summary>
    public void Discard()
    {
        _staged.Clear();
        Write(store => store.Rollback());
        _isUnwritable = false;
    }

    /// <summary>Deletes all of it and begins anew.</summary>
    public void Rebuild()
    {
        Dispose();
        _folders.Clear();
        _staged.Clear();
        (Layout, LastComplete, NotKept) = (null, null, null);
        try
        {
            DirectoryIndexStore.Delete(_file);
            _store = DirectoryIndexStore.Open(_file, _key);
            _isOpen = true;
        }
        catch (Exception e) when (e is IndexNotKeptException or IndexDamagedException or IOException or UnauthorizedAccessException)
        {
            NotKept = e.Message;
        }
    }

    public void Dispose()
    {
        _store?.Dispose();
        _store = null;
        _isOpen = false;
    }

    void Load(DirectoryIndexStore store, string layout, LookTimes times)
    {
        store.ReadAll((path, row) =>
        {
            if (FolderRows.Unpack(path, row) is { } read)
                _folders[path] = read.Folder.With(read.Files, layout, times);
            else
                DamagedRows++;
        });
        store.ReadListings((path, listed) =>
        {
            // Later than the row, which tells itself when it was written, and not later than now: then the next is due a day after.
            if (_folders.TryGetValue(path, out var folder) && listed > folder.Listed.UtcTicks && listed <= times.Now.UtcTicks)
                _folders[path] = folder with { Listed = At(listed), NextListing = At(listed) + TreeLook.Day };
        });
        Layout = layout;
        // Of a folder whose row is lost nobody can say which of its files are new.
        if (DamagedRows == 0 && long.TryParse(store.Setting(CompleteSetting), CultureInfo.InvariantCulture, out var ticks) && ticks > 0 && ticks <= times.Now.UtcTicks)
            LastComplete = At(ticks);
    }

    void Write(Action<DirectoryIndexStore> change)
    {
        if (_store is null || _isUnwritable)
            return;
        try
        {
            change(_store);
            NotKept = null;
        }
        catch (IndexNotKeptException e)
        {
            // Rows that are older than what is in memory do no harm: each tells by itself how old it is.
            (NotKept, _isUnwritable) = (e.Message, true);
        }
    }

    static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}

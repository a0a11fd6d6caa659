using Agent.Evidence.Timelines;
using Agent.Probing.Files.Indexing;
using Agent.Probing.Files.Layouts;

namespace Agent.Probing.Files;

/// <summary>What one look found, by camera.</summary>
internal sealed class CameraTallies
{
    readonly SortedDictionary<string, CameraTally> _tallies = new(StringComparer.Ordinal);
    readonly Layout _layout;
    readonly LookTimes _times;
    readonly ProblemList _problems;

    /// <param name="declared">Cameras that are looked at even where they have no file.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="times">When the look is.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public CameraTallies(IEnumerable<string> declared, Layout layout, LookTimes times, ProblemList problems)
    {
        (_layout, _times, _problems) = (layout, times, problems);
        foreach (var camera in declared)
            Of(camera);
    }

    /// <summary>In the order of the cameras' names.</summary>
    public IReadOnlyCollection<CameraTally> All => _tallies.Values;

    /// <summary>What one folder holds goes to its cameras, and what is wrong with it to the problems.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">What cameras of an index are called instead of what it calls them.</param>
    public void Add(FolderMemory folder, IReadOnlyDictionary<string, string> names)
    {
        foreach (var held in folder.Cameras)
            Of(held.Camera).Add(held);
        foreach (var (name, code, message) in folder.Problems)
            _problems.Add(PathOf(name), code, message);
        foreach (var (code, count) in folder.MoreProblems)
            _problems.AddMore(code, count);
        foreach (var open in folder.Open.Select(o => o.File))
        {
            if (open.IsIndex)
            {
                foreach (var listed in (open.Listed ?? []).Where(l => l.Range.From < _times.Until))
                    Of(names.GetValueOrDefault(listed.Camera, listed.Camera)).Add(listed);
                if (FileProblem.Of(open, _layout.Name, isLeftAlone: true) is { } untaken)
                    _problems.Add(PathOf(open.Name), untaken.Code, untaken.Message);
                continue;
            }

            if (OpenFile.IsFromTheFuture(open, _times))
            {
                Of(open.Camera!).Refuse();
                _problems.Add(PathOf(open.Name), ProblemCode.ImplausibleTime, FileProblem.OutOfTime(open));
            }

            if (OpenFile.IsAhead(open, _times))
                continue;
            var tally = Of(open.Camera!);
            tally.Add(open);
            // Of an event at work nothing can be seen so far, and nothing is hidden either.
            if (open.HidesTime && (open.State != FileState.Unplaced || OpenFile.IsLeftAlone(open, _times)))
                tally.AddUnseen(open.Footage);
            if (FileProblem.Of(open, _layout.Name, OpenFile.IsLeftAlone(open, _times)) is { } problem)
                _problems.Add(PathOf(open.Name), problem.Code, problem.Message);
        }

        string PathOf(string name) => folder.Path.Length == 0 ? name : $"{folder.Path}/{name}";
    }

    /// <summary>A time of which nothing is known, of any camera.</summary>
    public void AddUnseen(TimeRange range)
    {
        foreach (var tally in _tallies.Values)
            tally.AddUnseen(range);
    }

    /// <summary>What lies in folders that could not be listed is unknown, of every camera that it may be of.</summary>
    public void Hide(IReadOnlyList<(string RelativePath, string Reason)> unreadable, UnreadableFolders folders, TimeRange looked)
    {
        foreach (var (folder, reason) in unreadable)
        {
            _problems.Add(folder.Length == 0 ? "." : folder, ProblemCode.UnreadableFolder, $"{reason}; what it may hold is unknown");
            if (folders.Hides(folder, looked).Camera is { } camera)
                Of(camera);
        }

        // At this point: every camera that may be hidden somewhere is known.
        foreach (var (folder, _) in unreadable)
        {
            var (camera, range) = folders.Hides(folder, looked);
            foreach (var tally in _tallies.Values.Where(t => camera is null || t.Camera == camera))
                tally.AddUnseen(range);
        }
    }

    CameraTally Of(string camera) => _tallies.TryGetValue(camera, out var tally) ? tally : _tallies[camera] = new CameraTally(camera);
}

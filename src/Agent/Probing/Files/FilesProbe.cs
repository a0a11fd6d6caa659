using Agent.Evidence.Timelines;
using Agent.Probing.Files.Containers;
using Agent.Probing.Files.IndexFiles;
using Agent.Probing.Files.Layouts;
using Agent.Recorders;

namespace Agent.Probing.Files;

/// <summary>Progress of a look: files read so far, and the one at hand.</summary>
internal readonly record struct ProbeProgress(long Files, string RelativePath);

/// <summary>Measures a recorder through its folder tree: names give camera and start, containers give the length.</summary>
internal sealed class FilesProbe(TimeProvider time, SecondOpinion secondOpinion)
{
    const int RecognitionSample = 2000;
    const int ProblemsTold = 50;

    // Before this nothing in the field wrote these containers; such a time is a clock that was never set.
    static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Recorders make a file before they fill it, and write through buffers: until it was left alone for so long, a file without
    // bytes or without an end is one at work, and nothing to tell a person of.
    static readonly TimeSpan AtWork = TimeSpan.FromMinutes(5);

    // Clocks of recorder and agent differ by a little; a segment further ahead than this is from the future.
    static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    // A day in one file is long for any recorder, and at a tenth of what a still scene at night needs it is still this many bytes a second.
    static readonly TimeSpan LongFile = TimeSpan.FromHours(24);
    const double LeastBytesPerSecond = 1000;

    /// <summary>Looks at the whole tree once. Nothing the tree holds makes it throw; cancellation does.</summary>
    /// <param name="recorder">What to look at.</param>
    /// <param name="asOf">Footage that begins later is ignored; null to see all.</param>
    /// <param name="progress">Told of every file.</param>
    /// <param name="cancel">Ends the look early.</param>
    public ProbeOutcome Look(Recorder recorder, DateTimeOffset? asOf, IProgress<ProbeProgress>? progress, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var lookedAt = asOf < now ? asOf.Value : now;
        var problems = new ProblemList(recorder.Id, ProblemsTold);
        if (!Directory.Exists(recorder.Path))
            return Failed(recorder, lookedAt, ProblemCode.MissingFolder, File.Exists(recorder.Path)
                ? $"{Printable.Text(recorder.Path)} is a file, not a folder of recordings"
                : $"{Printable.Text(recorder.Path)} does not exist, or may not be entered");

        var recognise = recorder.Layout == RecorderOptions.RecogniseLayout;
        var sampling = new TreeWalk(recorder.Path, KnownLayouts.Extensions, cancel);
        List<FootageFile> sample = recognise ? [.. sampling.Files().Take(RecognitionSample)] : [];
        var layout = recognise ? KnownLayouts.Recognise(sample) : Layout.Named(recorder.Layout);
        if (layout is null)
            return NothingKnown(recorder, lookedAt, sampling, sample, problems);

        var rootName = Path.GetFileName(Path.TrimEndingDirectorySeparator(recorder.Path));
        var looked = new TimeRange(Earliest, lookedAt);
        var tallies = new SortedDictionary<string, CameraTally>(StringComparer.Ordinal);
        foreach (var declared in recorder.Cameras.Keys)
            tallies[declared] = new CameraTally(declared); // a declared camera without a file is looked at too
        var opinions = secondOpinion.Sample();
        var walk = new TreeWalk(recorder.Path, layout.Extensions, cancel);
        var prefixes = new Dictionary<int, int>();
        long files = 0;
        foreach (var file in walk.Files())
        {
            files++;
            progress?.Report(new ProbeProgress(files, file.RelativePath));
            if (layout.IsBeside(file.RelativePath))
                continue;
            if (layout.Index?.Is(file.RelativePath) == true)
            {
                TakeIndex(layout.Index, recorder, file, rootName, problems);
                continue;
            }
            var name = WithoutExtension(file.RelativePath);
            if (!layout.TryPlace(name, rootName, recorder.Zone, out var camera, out var start))
            {
                problems.Add(file.RelativePath, ProblemCode.UnrecognisedName, $"its name does not fit the layout {layout.Name}; it counts for no camera");
                continue;
            }
            Count(prefixes, name.Count('/') + 1 - layout.Template.Parts);
            if (!tallies.TryGetValue(camera, out var tally))
                tallies[camera] = tally = new CameraTally(camera);
            var look = SegmentReader.Look(file.FullPath, cancel);
            if (look.Gone)
                continue;
            TimeSpan? length = look is { Failure: null, Container.State: ContainerState.Whole or ContainerState.Open or ContainerState.Truncated } ? look.Container.Duration : null;
            if ((start.ByEnd && length is null) || start.Resolve(look.LastWritten, length ?? TimeSpan.Zero) is not { } begin)
            {
                TakeUnplaced(tally, file, start, look, length, isLeftAlone: now - look.LastWritten > AtWork, problems);
                continue;
            }
            if (begin < Earliest || begin > now + ClockSlack)
            {
                tally.Refuse();
                problems.Add(file.RelativePath, ProblemCode.ImplausibleTime, $"its name says it begins at {begin:yyyy-MM-dd HH:mm:ss} UTC, which cannot be; it is not evidence");
                continue;
            }
            if (begin >= lookedAt)
                continue;
            Take(tally, file, begin, look, isLeftAlone: now - look.LastWritten > AtWork, problems);
            if (look is { Failure: null, Container.State: ContainerState.Whole })
                opinions.Offer(camera, file, look);
        }

        if (files > 0 && WentAway(recorder.Path))
            return Failed(recorder, lookedAt, ProblemCode.MissingFolder, $"{Printable.Text(recorder.Path)} went away while it was looked at");
        if (files == 0)
            return NothingKnown(recorder, lookedAt, walk, [], problems);
        if (layout.Index is not null && tallies.Values.All(t => t.IsEmpty))
            return new ProbeOutcome { Recorder = recorder.Id, LookedAt = lookedAt, Problems = problems.All, Failed = true };
        Hide(walk, new UnreadableFolders(layout, recorder.Zone, MostCommon(prefixes)), tallies, looked, problems);
        TellLinks(walk, problems);
        var asked = opinions.Ask(problems, cancel);
        return new ProbeOutcome
        {
            Recorder = recorder.Id,
            LookedAt = lookedAt,
            Cameras = [.. tallies.Values.Select(t => t.Footage(recorder.Id, layout.Name, layout.Proven, looked, asked.For(t.Camera)))],
            Problems = problems.All,
        };
    }

    /// <summary>The layout of a recorder, configured or recognised by the names of its files; null when nothing explains them.</summary>
    public static Layout? LayoutOf(Recorder recorder, CancellationToken cancel) => recorder.Layout == RecorderOptions.RecogniseLayout
        ? KnownLayouts.Recognise([.. new TreeWalk(recorder.Path, KnownLayouts.Extensions, cancel).Files().Take(RecognitionSample)])
        : Layout.Named(recorder.Layout);

    /// <summary>An empty folder may be a disk that is not mounted: it is no evidence of absence, whichever way the layout is known.</summary>
    static ProbeOutcome NothingKnown(Recorder recorder, DateTimeOffset lookedAt, TreeWalk walk, List<FootageFile> videos, ProblemList problems)
    {
        foreach (var (folder, reason) in walk.Unreadable)
            problems.Add(folder.Length == 0 ? "." : folder, ProblemCode.UnreadableFolder, $"{reason}; what it may hold is unknown");
        // A file without an extension may be anything; alone it is no sign of a recorder.
        if (videos.Exists(v => Path.GetExtension(v.RelativePath).Length > 0))
            problems.Add(videos.Find(v => Path.GetExtension(v.RelativePath).Length > 0).RelativePath, ProblemCode.UnrecognisedLayout, UnrecognisedTree.Tell(videos));
        else if (walk.Unreadable.Count == 0)
            problems.Add(null, ProblemCode.NoFootage, $"{Printable.Text(recorder.Path)} holds no video files");
        TellLinks(walk, problems);
        return new ProbeOutcome { Recorder = recorder.Id, LookedAt = lookedAt, Problems = problems.All, Failed = true };
    }

    /// <summary>The recorder's own index, where that is the truth.</summary>
    static void TakeIndex(IndexFile index, Recorder recorder, FootageFile file, string rootName, ProblemList problems)
    {
        try
        {
            _ = index.Read(file.FullPath, null, rootName, recorder.Zone);
            throw new InvalidDataException("what it lists is not taken yet");
        }
        catch (InvalidDataException damage)
        {
            problems.Add(file.RelativePath, ProblemCode.UnreadableFile, $"{damage.Message}; what it lists is unknown");
        }
    }

    /// <summary>A file whose path does not tell the time, and which nothing else places: the time it may fill is unknown.</summary>
    static void TakeUnplaced(CameraTally tally, FootageFile file, StartTime start, FileLook look, TimeSpan? length, bool isLeftAlone, ProblemList problems)
    {
        if (length is not null)
            problems.Add(file.RelativePath, ProblemCode.ImplausibleTime, $"it was last written at {look.LastWritten:yyyy-MM-dd HH:mm:ss} UTC, which is not on the day its path tells; when it begins is unknown");
        else if (look.Failure is { } failure)
            problems.Add(file.RelativePath, ProblemCode.UnreadableFile, $"{failure}; its time is unknown");
        else if (!isLeftAlone)
            return; // an event at work: so far nothing of it can be seen
        else if (look.Container.State == ContainerState.Empty)
        {
            problems.Add(file.RelativePath, ProblemCode.EmptyFile, "it has no bytes");
            return;
        }
        else
            problems.Add(file.RelativePath, ProblemCode.UnreadableContainer, $"nothing in it tells how long it is ({look.Container.Detail}); its time is unknown");
        tally.AddUnseen(start.MayLie(look.LastWritten, length));
    }

    static void Take(CameraTally tally, FootageFile file, DateTimeOffset begin, FileLook look, bool isLeftAlone, ProblemList problems)
    {
        var reading = look.Container;
        if (look.Failure is { } failure)
        {
            problems.Add(file.RelativePath, ProblemCode.UnreadableFile, $"{failure}; its time is unknown");
            tally.Add(new Segment(begin, null, look.LastWritten, MayBeOpen: false), look.Length);
            return;
        }
        switch (reading.State)
        {
            case ContainerState.Whole or ContainerState.Open or ContainerState.Truncated when IsBeyondItsBytes(look):
                problems.Add(file.RelativePath, ProblemCode.ImplausibleTime, $"it claims {reading.Duration.TotalDays:0.#} days in {look.Length} bytes, which cannot be; its time is unknown");
                tally.Refuse();
                tally.Add(new Segment(begin, null, look.LastWritten, MayBeOpen: false), look.Length);
                break;
            case ContainerState.Whole or ContainerState.Open or ContainerState.Truncated:
                tally.Add(new Segment(begin, reading.Duration, look.LastWritten, MayBeOpen: false), look.Length);
                if (reading.State == ContainerState.Truncated)
                    problems.Add(file.RelativePath, ProblemCode.TruncatedFile, "it holds less than its header promises; what is missing counts as not recorded");
                break;
            case ContainerState.NoEnd:
                tally.Add(new Segment(begin, null, look.LastWritten, MayBeOpen: true), look.Length);
                if (isLeftAlone)
                    problems.Add(file.RelativePath, ProblemCode.UnreadableContainer, "its end was never written, as when a recorder is cut off; its time is unknown");
                break;
            case ContainerState.Empty:
                if (isLeftAlone)
                    problems.Add(file.RelativePath, ProblemCode.EmptyFile, "it has no bytes");
                break;
            case ContainerState.Unreadable:
            default:
                problems.Add(file.RelativePath, ProblemCode.UnreadableContainer, $"it is not a container that can be read ({reading.Detail}); its time is unknown");
                tally.Add(new Segment(begin, null, look.LastWritten, MayBeOpen: false), look.Length);
                break;
        }
    }

    /// <summary>A header alone can claim any time; a long one must have the bytes to show for it.</summary>
    static bool IsBeyondItsBytes(FileLook look) =>
        look.Container.Duration > LongFile && look.Length < look.Container.Duration.TotalSeconds * LeastBytesPerSecond;

    static void Hide(TreeWalk walk, UnreadableFolders folders, SortedDictionary<string, CameraTally> tallies, TimeRange looked, ProblemList problems)
    {
        foreach (var (folder, reason) in walk.Unreadable)
        {
            problems.Add(folder.Length == 0 ? "." : folder, ProblemCode.UnreadableFolder, $"{reason}; what it may hold is unknown");
            var (camera, range) = folders.Hides(folder, looked);
            if (camera is not null && !tallies.ContainsKey(camera))
                tallies[camera] = new CameraTally(camera);
            foreach (var tally in tallies.Values.Where(t => camera is null || t.Camera == camera))
                tally.AddUnseen(range);
        }
    }

    static void TellLinks(TreeWalk walk, ProblemList problems)
    {
        if (walk.Links > 0)
            problems.Add(null, ProblemCode.LinksNotFollowed, $"{walk.Links} links were not followed");
    }

    static ProbeOutcome Failed(Recorder recorder, DateTimeOffset lookedAt, ProblemCode code, string message) => new()
    {
        Recorder = recorder.Id,
        LookedAt = lookedAt,
        Problems = [new ProbeProblem(recorder.Id, null, code, message)],
        Failed = true,
    };

    static string WithoutExtension(string path) => path[..^Path.GetExtension(path).Length];

    // A volume that is unmounted leaves its mount point behind, empty.
    static bool WentAway(string root)
    {
        try
        {
            return !Directory.EnumerateFileSystemEntries(root).Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    static void Count(Dictionary<int, int> counts, int key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    static int MostCommon(Dictionary<int, int> counts) => counts.Count == 0 ? 0 : counts.MaxBy(c => c.Value).Key;
}

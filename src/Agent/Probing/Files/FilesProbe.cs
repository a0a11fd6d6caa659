using Agent.Evidence.Timelines;
using Agent.Probing.Files.IndexFiles;
using Agent.Probing.Files.Indexing;
using Agent.Probing.Files.Layouts;
using Agent.Probing.Files.Volumes;
using Agent.Recorders;

namespace Agent.Probing.Files;

/// <summary>Measures a recorder through its folder tree: names give camera and start, containers give the length.</summary>
/// <param name="time">The clock.</param>
/// <param name="secondOpinion">Asked about a few of the files read.</param>
/// <param name="indexes">What earlier looks found; null for looks that stand alone and keep nothing.</param>
/// <param name="zones">Zones that nobody said; null to infer them at every look.</param>
internal sealed class FilesProbe(TimeProvider time, SecondOpinion secondOpinion, DirectoryIndexes? indexes = null, InferredZones? zones = null)
{
    const int RecognitionSample = 2000;
    const int ProblemsTold = 50;

    /// <summary>Looks at the whole tree once. Nothing the tree holds makes it throw; cancellation does.</summary>
    /// <param name="recorder">What to look at.</param>
    /// <param name="asOf">Footage that begins later is ignored; null to see all.</param>
    /// <param name="progress">Told of every file.</param>
    /// <param name="cancel">Ends the look early.</param>
    public ProbeOutcome Look(Recorder recorder, DateTimeOffset? asOf, IProgress<ProbeProgress>? progress, CancellationToken cancel)
    {
        var by = By(recorder);
        var outcome = LookBy(by, asOf, progress, cancel);
        if (recorder.IsZoneSaid)
            return outcome;
        // FAT keeps the times of files by a local clock, which is one more zone that nobody said.
        if (outcome.Names?.Instead(recorder.Zone) is { } zone && FolderVolume.KindOf(recorder.Path) != VolumeKind.Fat)
        {
            // Where names are of other hours everything is of other hours: what they were taken for, what is late or open.
            zones?.Keep(recorder, zone);
            by = recorder with { Zone = zone };
            outcome = LookBy(by, asOf, progress, cancel);
        }

        return by.Zone.Id == recorder.Zone.Id || outcome.Names is not { } names ? outcome : outcome with
        {
            InferredZone = by.Zone.Id,
            Cameras = [.. outcome.Cameras.Select(c => c with { Findings = [.. c.Findings, names.Inferred(recorder.Zone)] })],
        };
    }

    /// <summary>A recorder with the zone that its names are read by.</summary>
    public Recorder By(Recorder recorder) => zones?.By(recorder) ?? recorder;

    ProbeOutcome LookBy(Recorder recorder, DateTimeOffset? asOf, IProgress<ProbeProgress>? progress, CancellationToken cancel)
    {
        // An index is of everything there is; asked about an earlier time nothing is known.
        if (asOf is not null || indexes?.Of(recorder) is not { } index)
            return Look(recorder, index: null, asOf, progress, wasDamaged: false, cancel);
        lock (index.Looking)
        {
            var wasDamaged = false;
            try
            {
                wasDamaged = index.Open(name => LayoutNamed(name) is not null, new LookTimes(time.GetUtcNow(), time.GetUtcNow()));
                return Look(recorder, index, asOf, progress, wasDamaged, cancel);
            }
            catch (IndexDamagedException) when (!wasDamaged)
            {
                index.Rebuild();
                return Look(recorder, index, asOf, progress, wasDamaged: true, cancel);
            }
            finally
            {
                index.Discard(); // what was not taken over: the look failed, or was broken off
            }
        }
    }

    ProbeOutcome Look(Recorder recorder, DirectoryIndex? index, DateTimeOffset? asOf, IProgress<ProbeProgress>? progress, bool wasDamaged, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var times = new LookTimes(now, asOf < now ? asOf.Value : now);
        var lookedAt = times.Until;
        var problems = new ProblemList(recorder.Id, ProblemsTold);
        if (!Directory.Exists(recorder.Path))
            return Failed(recorder, lookedAt, ProblemCode.MissingFolder, File.Exists(recorder.Path)
                ? $"{Printable.Text(recorder.Path)} is a file, not a folder of recordings"
                : $"{Printable.Text(recorder.Path)} does not exist, or may not be entered");

        var recognise = recorder.Layout == RecorderOptions.RecogniseLayout && index?.Layout is null;
        var sampling = new TreeWalk(recorder.Path, KnownLayouts.Extensions, cancel);
        List<FootageFile> sample = recognise ? [.. sampling.Files().Take(RecognitionSample)] : [];
        var layout = recognise ? KnownLayouts.Recognise(sample)
            : Layout.Named(recorder.Layout == RecorderOptions.RecogniseLayout ? index!.Layout! : recorder.Layout);
        if (layout is null)
            return NothingKnown(recorder, lookedAt, sampling.Unreadable, sampling.Links, sample, problems);

        var opinions = secondOpinion.Sample();
        var placing = new FilePlacing(layout, Path.GetFileName(Path.TrimEndingDirectorySeparator(recorder.Path)), recorder.Zone);
        var notes = new LookNotes(problems, progress, placing.CameraOf, index?.LastComplete, camera => index?.Known(camera) ?? RangeSet.Empty);
        var tree = new TreeLook(recorder.Path, new TreeRules(layout.Extensions), layout.Name, new FolderLook(placing, times, notes, opinions, cancel), index, times, notes, cancel);
        tree.Run();

        if (tree.Files > 0 && WentAway(recorder.Path))
            return Failed(recorder, lookedAt, ProblemCode.MissingFolder, $"{Printable.Text(recorder.Path)} went away while it was looked at");
        if (tree.Files == 0)
            return NothingKnown(recorder, lookedAt, tree.Unreadable, tree.Links, [], problems);

        var looked = new TimeRange(SegmentPlausibility.Earliest, lookedAt);
        var tallies = new CameraTallies(recorder.Cameras.Keys, layout, times, problems);
        var cameras = layout.Index is { LoneCameraIsItsFolder: true }
            ? LoneCameras.Of(tree.Found.SelectMany(f => f.Open).SelectMany(o => o.File.Listed ?? []).Select(l => l.Camera), placing.RootName)
            : new Dictionary<string, string>();
        foreach (var folder in tree.Found)
            tallies.Add(folder, cameras);
        // What an index lists that could not be taken may be anybody's.
        var isIndexMissing = tree.Found.Any(folder => folder.Open.Any(open => open.File.State == FileState.UntakenIndex));
        if (isIndexMissing)
            tallies.AddUnseen(looked);
        if (layout.Index is not null && tallies.All.All(t => t.IsEmpty))
            return new ProbeOutcome { Recorder = recorder.Id, LookedAt = lookedAt, Problems = problems.All, Failed = true };
        tallies.Hide(tree.Unreadable, new UnreadableFolders(layout, recorder.Zone, PrefixOf(tree.Found, layout)), looked);
        TellLinks(tree.Links, problems);
        if (index is not null)
            Keep(index, layout, tree, notes, times, wasDamaged, problems);
        var asked = opinions.Ask(problems, cancel);
        var names = NamesZone.Of(tree.Found, layout, recorder, times);
        var zone = names?.Contradicted();
        return new ProbeOutcome
        {
            Recorder = recorder.Id,
            LookedAt = lookedAt,
            Cameras =
            [
                .. tallies.All.Select(t => t.Footage(recorder.Id, layout.Name, layout.Proven, looked, layout.Index is null ? Basis.Measured : Basis.Listed,
                    zone is not null, zone is null ? asked.For(t.Camera) : asked.For(t.Camera).Append(zone))),
            ],
            Problems = problems.All,
            Unsteady = tree.IsUnsteady || isIndexMissing,
            Gone = notes.Gone,
            Names = names,
        };
    }

    /// <summary>The layout of a recorder, configured or recognised by the names of its files; null when nothing explains them.</summary>
    public static Layout? LayoutOf(Recorder recorder, CancellationToken cancel) => recorder.Layout == RecorderOptions.RecogniseLayout
        ? KnownLayouts.Recognise([.. new TreeWalk(recorder.Path, KnownLayouts.Extensions, cancel).Files().Take(RecognitionSample)])
        : Layout.Named(recorder.Layout);

    /// <summary>An empty folder may be a disk that is not mounted: it is no evidence of absence, whichever way the layout is known.</summary>
    static ProbeOutcome NothingKnown(
        Recorder recorder, DateTimeOffset lookedAt, List<(string RelativePath, string Reason)> unreadable, int links, List<FootageFile> videos, ProblemList problems)
    {
        foreach (var (folder, reason) in unreadable)
            problems.Add(folder.Length == 0 ? "." : folder, ProblemCode.UnreadableFolder, $"{reason}; what it may hold is unknown");
        // A file without an extension may be anything; alone it is no sign of a recorder.
        if (videos.Exists(v => Path.GetExtension(v.RelativePath).Length > 0))
            problems.Add(videos.Find(v => Path.GetExtension(v.RelativePath).Length > 0).RelativePath, ProblemCode.UnrecognisedLayout, UnrecognisedTree.Tell(videos));
        else if (unreadable.Count == 0)
            problems.Add(null, ProblemCode.NoFootage, $"{Printable.Text(recorder.Path)} holds no video files");
        TellLinks(links, problems);
        return new ProbeOutcome { Recorder = recorder.Id, LookedAt = lookedAt, Problems = problems.All, Failed = true };
    }

    static void Keep(DirectoryIndex index, Layout layout, TreeLook tree, LookNotes notes, LookTimes times, bool wasDamaged, ProblemList problems)
    {
        index.Take(layout.Name, tree.Unreadable.Count == 0 ? times.Now : null);
        if (wasDamaged)
            problems.Add(null, ProblemCode.IndexDamaged, "the index of this recorder was damaged and was made anew from the files");
        if (index.DamagedRows > 0)
            problems.Add(null, ProblemCode.IndexDamaged, $"{index.DamagedRows} folders of the index were damaged and were made anew from their files");
        if (notes.Contradictions > 0)
            problems.Add(null, ProblemCode.IndexDamaged, $"{notes.Contradictions} files say otherwise than the index although they did not change; they were read again");
        if (index.NotKept is { } reason)
            problems.Add(null, ProblemCode.IndexNotKept, $"the index could not be written ({reason}); the next start looks at everything anew");
        index.DamagedRows = 0;
    }

    static void TellLinks(int links, ProblemList problems)
    {
        if (links > 0)
            problems.Add(null, ProblemCode.LinksNotFollowed, $"{links} links were not followed");
    }

    static ProbeOutcome Failed(Recorder recorder, DateTimeOffset lookedAt, ProblemCode code, string message) => new()
    {
        Recorder = recorder.Id,
        LookedAt = lookedAt,
        Problems = [new ProbeProblem(recorder.Id, null, code, message)],
        Failed = true,
    };

    static Layout? LayoutNamed(string name)
    {
        try
        {
            return Layout.Named(name);
        }
        catch (FormatException)
        {
            return null;
        }
    }

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

    /// <summary>How many folders stand before what the layout describes, where most files lie.</summary>
    static int PrefixOf(IReadOnlyList<FolderMemory> folders, Layout layout)
    {
        var counts = new Dictionary<int, long>();
        foreach (var folder in folders.Where(f => f.Placed > 0))
        {
            var depth = folder.Path.Length == 0 ? 0 : folder.Path.Count('/') + 1;
            var prefix = depth + 1 - layout.Template.Parts;
            counts[prefix] = counts.GetValueOrDefault(prefix) + folder.Placed;
        }

        return counts.Count == 0 ? 0 : counts.MaxBy(c => c.Value).Key;
    }
}

using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Indexing;

internal sealed class DirectoryIndexTests
{
    static readonly TimeSpan Round = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Day = TimeSpan.FromHours(25);

    readonly IndexedTree _tree = new();

    [TearDown]
    public void RemoveTree() => _tree.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public void A_file_recycled_in_place_is_believed_until_the_daily_listing_and_no_longer(bool restarted)
    {
        var start = _tree.Ago(TimeSpan.FromHours(5));
        _tree.Fill("front", start, 3);
        Settled();

        Recycle(_tree.FileAt("front", start));
        if (restarted)
            _tree.Restart();
        _tree.Pass(Round);
        var soon = _tree.Look();
        _tree.Pass(Day);
        var nextDay = _tree.Look();

        Assert.That(Recorded(soon), Is.EqualTo(TimeSpan.FromSeconds(30)), "the folder did not change, so it was not listed");
        Assert.That(Recorded(nextDay), Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void A_file_truncated_in_place_is_told()
    {
        var start = _tree.Ago(TimeSpan.FromHours(5));
        _tree.Fill("front", start, 3);
        Settled();

        File.Copy(FootageTree.Truncated, _tree.FileAt("front", start), overwrite: true);
        File.SetLastWriteTimeUtc(_tree.FileAt("front", start), start.UtcDateTime);
        _tree.Pass(Day);
        var outcome = _tree.Look();

        Assert.That(outcome.Problems.Select(p => p.Code), Is.EquivalentTo(new[] { ProblemCode.TruncatedFile, ProblemCode.ChangedInPlace }));
        Assert.That(outcome.Problems.Single(p => p.Code == ProblemCode.ChangedInPlace).IsWarning, Is.True);
        Assert.That(Recorded(outcome), Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void An_open_file_is_read_again_as_it_grows()
    {
        var start = _tree.Ago(TimeSpan.FromSeconds(30));
        _tree.Tree.Put("front/" + Path.GetFileName(_tree.FileAt("front", start)), FootageTree.Unfinished, _tree.Time.GetUtcNow());
        var open = _tree.Look();
        File.Copy(FootageTree.Whole, _tree.FileAt("front", start), overwrite: true);
        File.SetLastWriteTimeUtc(_tree.FileAt("front", start), _tree.Time.GetUtcNow().UtcDateTime);
        _tree.Pass(Round);
        var closed = _tree.Look();

        Assert.That(Recorded(open), Is.EqualTo(TimeSpan.FromSeconds(30)).Within(TimeSpan.FromSeconds(2)));
        Assert.That(open.Cameras.Single().Settled, Is.Empty, "what is still written to may yet turn out shorter");
        Assert.That(Recorded(closed), Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void The_newest_segment_is_watched_however_long_nobody_seems_to_write()
    {
        var start = _tree.Ago(TimeSpan.FromHours(1));
        var file = _tree.Tree.Put("front/" + Path.GetFileName(_tree.FileAt("front", start)), FootageTree.Truncated, start);
        Settled();

        // As over SMB, where the times of an open file follow late: more of it, and in between nothing was written to the folder.
        File.Copy(FootageTree.Whole, file, overwrite: true);
        File.SetLastWriteTimeUtc(file, start.UtcDateTime);
        _tree.Pass(Round);

        Assert.That(_tree.Look().Problems.Select(p => p.Code), Does.Not.Contain(ProblemCode.TruncatedFile));
    }

    [Test]
    public void An_index_somebody_edited_does_not_stay_believed()
    {
        var start = _tree.Ago(TimeSpan.FromHours(5));
        _tree.Fill("front", start, 1);
        _tree.Look();
        _tree.Restart(Lengthen);
        _tree.Pass(Round);
        var believed = Recorded(_tree.Look());
        _tree.Pass(Day);
        var outcome = _tree.Look();

        Assert.That(believed, Is.EqualTo(TimeSpan.FromHours(1)), "the edit did not take, so that nothing is tested");
        Assert.That(outcome.Problems.Select(p => p.Code), Is.EqualTo(new[] { ProblemCode.IndexDamaged }));
        Assert.That(Recorded(outcome), Is.EqualTo(TimeSpan.FromSeconds(10)));

        static void Lengthen(string file)
        {
            var row = IndexedTree.Row(file, "front");
            var (folder, files) = Agent.Probing.Files.Indexing.FolderRows.Unpack("front", row)!.Value;
            IndexedTree.Write(file, "front", Agent.Probing.Files.Indexing.FolderRows.Pack(folder, [files[0] with { End = files[0].Start + TimeSpan.TicksPerHour }]));
        }
    }

    [Test]
    public void A_damaged_row_is_made_anew_and_told()
    {
        _tree.Fill("front", _tree.Ago(TimeSpan.FromHours(5)), 2);
        _tree.Look();
        _tree.Restart(file => IndexedTree.Sql(file, "UPDATE folder SET content = zeroblob(100) WHERE path = 'front'"));
        _tree.Pass(Round);
        var outcome = _tree.Look();
        _tree.Pass(Round);

        Assert.That(Recorded(outcome), Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(outcome.Problems.Select(p => p.Code), Is.EqualTo(new[] { ProblemCode.IndexDamaged }));
        Assert.That(_tree.Look().Problems, Is.Empty);
    }

    [Test]
    public void A_database_that_is_none_is_made_anew_and_told()
    {
        _tree.Fill("front", _tree.Ago(TimeSpan.FromHours(5)), 2);
        _tree.Look();
        _tree.Restart(file => File.WriteAllText(file, new string('x', 10_000)));
        _tree.Pass(Round);
        var outcome = _tree.Look();
        _tree.Pass(Round);

        Assert.That(Recorded(outcome), Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(outcome.Problems.Select(p => p.Code), Is.EqualTo(new[] { ProblemCode.IndexDamaged }));
        Assert.That(_tree.Look().Problems, Is.Empty);
    }

    [Test]
    public void An_index_that_cannot_be_written_is_told_and_measures_as_well()
    {
        Directory.CreateDirectory(_tree.IndexFile);
        _tree.Fill("front", _tree.Ago(TimeSpan.FromHours(5)), 2);

        var outcome = _tree.Look();
        _tree.Pass(Round);

        Assert.That(outcome.Problems.Select(p => p.Code), Is.EqualTo(new[] { ProblemCode.IndexNotKept }));
        Assert.That(Recorded(outcome), Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(Recorded(_tree.Look()), Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void Footage_put_there_long_after_its_time_is_listed_and_never_measured()
    {
        var start = _tree.Ago(TimeSpan.FromHours(5));
        _tree.Fill("front", start, 2);
        Settled();
        _tree.Fill("front", start.AddHours(1), 3);
        _tree.Pass(Round);
        _tree.Look();
        _tree.Restart();
        _tree.Pass(Round);
        var front = _tree.Look().Cameras.Single();

        Assert.That(front.Observation.Recorded.Length, Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(front.Observation.Unseen, Is.EqualTo(new[] { new TimeRange(start.AddHours(1), start.AddHours(1).AddSeconds(30)) }));
        Assert.That(front.Listed.Single().Basis, Is.EqualTo(Basis.Listed));
        Assert.That(front.Listed.Single().Recorded, Is.EqualTo(front.Observation.Unseen));
        var finding = front.Findings.Single();
        Assert.That(finding.Code, Is.EqualTo(FindingCode.AppearedLate));
        Assert.That(finding.Measure, Is.EqualTo("0.0 h of footage in 3 segments first seen long after their end"));
    }

    [Test]
    public void Footage_written_while_nobody_looked_is_not_late()
    {
        _tree.Fill("front", _tree.Ago(TimeSpan.FromHours(5)), 2);
        _tree.Look();
        // The agent stood still for a day, and the recorder went on.
        _tree.Pass(Day);
        _tree.Fill("front", _tree.Time.GetUtcNow().AddHours(-20), 2);
        _tree.Fill("front", _tree.Ago(TimeSpan.FromSeconds(-10)), 2);

        Assert.That(_tree.Look().Cameras.Single().Listed, Is.Empty);
    }

    [Test]
    public void Footage_moved_or_renamed_is_not_late()
    {
        var start = _tree.Ago(TimeSpan.FromHours(5));
        _tree.Fill("front/old", start, 2);
        _tree.Fill("yard", start, 2);
        Settled();
        Directory.Move(Path.Combine(_tree.Tree.Root, "front"), Path.Combine(_tree.Tree.Root, "entrance"));
        File.Move(_tree.FileAt("yard", start), Path.Combine(_tree.Tree.Root, "yard", $"{start:yyyy-MM-dd_HH-mm-ss}.mkv"));
        _tree.Pass(Round);

        Assert.That(_tree.Look().Cameras, Has.All.Matches<CameraFootage>(c => c!.Listed.Count == 0 && c.Observation.Recorded.Length == TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void A_volume_that_went_and_came_back_brings_nothing_late()
    {
        _tree.Fill("front", _tree.Ago(TimeSpan.FromHours(5)), 2);
        Settled();
        var aside = Path.Combine(_tree.DataFolder, "front");
        Directory.Move(Path.Combine(_tree.Tree.Root, "front"), aside);
        _tree.Pass(Round);
        var gone = _tree.Look();
        Directory.Move(aside, Path.Combine(_tree.Tree.Root, "front"));
        _tree.Pass(Round);
        var back = _tree.Look();

        Assert.That(gone.Failed, Is.True);
        Assert.That(back.Cameras.Single().Listed, Is.Empty);
        Assert.That(Recorded(back), Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Looks until the folders are old enough to be trusted.</summary>
    void Settled()
    {
        _tree.Look();
        _tree.Pass(Round);
        _tree.Look();
        _tree.Pass(Round);
    }

    static void Recycle(string file)
    {
        var written = File.GetLastWriteTimeUtc(file);
        using (var recycled = File.OpenWrite(file))
            recycled.Write(new byte[recycled.Length]);
        File.SetLastWriteTimeUtc(file, written);
    }

    static TimeSpan Recorded(ProbeOutcome outcome) => outcome.Cameras.Single().Observation.Recorded.Length;
}

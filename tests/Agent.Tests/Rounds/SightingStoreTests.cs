using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Rounds;
using Agent.Tests.Probing.Files;
using Agent.Tests.Probing.Files.Indexing;
using NUnit.Framework;

namespace Agent.Tests.Rounds;

/// <summary>Real folders, looked at round after round, and what is remembered of them.</summary>
internal sealed class SightingStoreTests
{
    const int Days = 30;

    static readonly TimeSpan Round = TimeSpan.FromMinutes(5);

    readonly IndexedTree _tree = new("{camera}/*/%Y-%m-%d_%H-%M-%S");

    DateTimeOffset Start => _tree.Ago(TimeSpan.FromHours(5));

    [TearDown]
    public void RemoveTree() => _tree.Dispose();

    [Test]
    public void Footage_eaten_from_its_oldest_edge_was_overwritten_and_its_bytes_are_known()
    {
        _tree.Fill("front/a", Start, 60);
        Note();
        Remove("front/a", Start, 12);
        var sightings = Note();

        var noted = sightings.Losses["front"].Single();
        Assert.That(noted.Loss, Is.EqualTo(new FootageLoss(new TimeRange(Start, Start.AddMinutes(2)), _tree.Time.GetUtcNow() - Round, FromOldestEdge: true)).Using<FootageLoss>(SameLoss));
        Assert.That(noted.Bytes, Is.EqualTo(12 * new FileInfo(FootageTree.Whole).Length));
        var lost = sightings.Findings("front").Single();
        Assert.That((lost.Code, lost.Range, lost.Measure), Is.EqualTo((FindingCode.FootageLost, (TimeRange?)noted.Loss.Range, $"{noted.Bytes} bytes of footage gone, 120 s")));
        Assert.That(Reasons(sightings), Does.Contain(VerdictReason.OverwrittenEarly).And.Not.Contain(VerdictReason.VanishedEarly));
    }

    [Test]
    public void Footage_gone_from_the_middle_vanished()
    {
        _tree.Fill("front/a", Start, 60);
        Note();
        Remove("front/a", Start.AddMinutes(2), 6);
        var sightings = Note();

        Assert.That(sightings.Losses["front"].Single().Loss.Range, Is.EqualTo(new TimeRange(Start.AddMinutes(2), Start.AddMinutes(3))));
        Assert.That(Reasons(sightings), Does.Contain(VerdictReason.VanishedEarly).And.Not.Contain(VerdictReason.OverwrittenEarly));
    }

    [Test]
    public void A_camera_of_which_nothing_is_left_was_not_overwritten()
    {
        _tree.Fill("front/a", Start, 6);
        _tree.Fill("yard/a", Start, 6);
        Note();
        Directory.Delete(Path.Combine(_tree.Tree.Root, "front"), recursive: true);
        var sightings = Note();

        Assert.That(sightings.Losses["front"].Single().Loss.FromOldestEdge, Is.False);
        Assert.That(sightings.Losses["yard"], Is.Empty);
        Assert.That(sightings.Vanished, Is.EqualTo(new[] { "front" }));
        Assert.That(sightings.Findings("front").Select(f => f.Code), Is.EqualTo(new[] { FindingCode.CameraVanished, FindingCode.FootageLost }));
    }

    [Test]
    public void A_loss_is_found_again_after_a_crash_and_once()
    {
        _tree.Fill("front/a", Start, 60);
        Note();
        Remove("front/a", Start, 12);
        _tree.Pass(Round);
        _tree.Look(); // and the agent ends here, before anything of it was remembered
        _tree.Restart();
        var first = Note();
        var again = Note();

        Assert.That(first.Losses["front"].Single().Loss.Range, Is.EqualTo(new TimeRange(Start, Start.AddMinutes(2))));
        Assert.That(again.Losses["front"], Is.EqualTo(first.Losses["front"]));
    }

    [Test]
    public void A_loss_is_found_although_the_index_was_deleted()
    {
        _tree.Fill("front/a", Start, 60);
        Note();
        Remove("front/a", Start, 12);
        _tree.Restart(File.Delete);

        Assert.That(Note().Losses["front"].Single().Bytes, Is.Null);
    }

    [Test]
    public void What_moves_within_its_camera_or_is_replaced_by_the_same_is_not_lost()
    {
        _tree.Fill("front/a", Start, 6);
        Note();
        Directory.Move(Path.Combine(_tree.Tree.Root, "front/a"), Path.Combine(_tree.Tree.Root, "front/b"));
        Note();
        var file = _tree.FileAt("front/b", Start);
        File.Copy(FootageTree.Whole, Path.ChangeExtension(file, ".mkv"));
        File.Delete(file);

        Assert.That(Note().Losses, Is.Empty);
    }

    [Test]
    public void The_end_of_an_open_file_is_no_footage_that_can_be_lost()
    {
        var start = _tree.Ago(TimeSpan.FromSeconds(60));
        _tree.Tree.Put("front/a/" + Path.GetFileName(_tree.FileAt("", start)), FootageTree.Unfinished, _tree.Time.GetUtcNow());
        Note();
        File.Copy(FootageTree.Whole, _tree.FileAt("front/a", start), overwrite: true);

        Assert.That(Note().Losses, Is.Empty);
    }

    [Test]
    public void An_emptied_folder_loses_nothing_until_it_is_looked_at_again()
    {
        _tree.Fill("front/a", Start, 6);
        Note();
        var aside = Path.Combine(_tree.DataFolder, "front");
        Directory.Move(Path.Combine(_tree.Tree.Root, "front"), aside);
        var unmounted = Note();
        Directory.Move(aside, Path.Combine(_tree.Tree.Root, "front"));

        Assert.That(unmounted.Losses, Is.Empty);
        Assert.That(Note().Losses, Is.Empty);
    }

    [Test]
    public void What_is_hidden_is_not_lost_and_is_held_until_it_can_be_seen()
    {
        _tree.Fill("front/a", Start, 6);
        _tree.Fill("yard/a", Start, 6);
        var seen = Note(_tree.Look());
        var outcome = _tree.Look();
        var hidden = outcome with
        {
            Problems = [new ProbeProblem("r", "front", ProblemCode.UnreadableFolder, "permission denied")],
            Cameras = [.. outcome.Cameras.Where(c => c.Observation.Camera != "front")],
        };
        var whileHidden = Note(hidden);
        Directory.Delete(Path.Combine(_tree.Tree.Root, "front"), recursive: true);
        _tree.Pass(Round);

        Assert.That(seen.Losses.Concat(whileHidden.Losses), Is.Empty);
        Assert.That(whileHidden.Vanished, Is.Empty);
        Assert.That(Note().Losses["front"].Single().Loss.Range.Length, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public void A_look_in_which_something_failed_that_may_pass_loses_nothing()
    {
        _tree.Fill("front/a", Start, 60);
        Note();
        Remove("front/a", Start, 12);
        _tree.Pass(Round);
        var shaken = Note(_tree.Look() with { Unsteady = true });

        Assert.That(shaken.Losses, Is.Empty);
        Assert.That(Note().Losses["front"], Is.Not.Empty);
    }

    [Test]
    public void A_renamed_camera_is_told_and_lost_nothing()
    {
        _tree.Fill("front/a", Start, 6);
        _tree.Fill("yard/a", Start, 6);
        Note();
        Directory.Move(Path.Combine(_tree.Tree.Root, "front"), Path.Combine(_tree.Tree.Root, "entrance"));
        Note();
        var sightings = Note();

        Assert.That(sightings.Losses, Is.Empty);
        Assert.That(sightings.Findings("front").Select(f => f.Code), Is.EqualTo(new[] { FindingCode.CameraVanished, FindingCode.CameraRenamed }));
        Assert.That(sightings.Findings("entrance").Select(f => f.Code), Is.EqualTo(new[] { FindingCode.CameraRenamed }));
        Assert.That(sightings.Findings("yard"), Is.Empty);
        Assert.That(sightings.Began, Is.Empty, "a new name is no new camera");
    }

    [Test]
    public void A_camera_met_after_a_complete_look_without_it_began_between_the_two()
    {
        _tree.Fill("yard/a", Start, 6);
        Note();
        var met = _tree.Time.GetUtcNow();
        _tree.Fill("front/a", _tree.Ago(TimeSpan.FromSeconds(30)), 3);
        Note();
        var sightings = Note();

        Assert.That(sightings.Began.Keys, Is.EqualTo(new[] { "front" }), "of a camera that was there at the first look nobody knows when it began");
        Assert.That(sightings.Began["front"].To, Is.EqualTo(met).Within(TimeSpan.FromMilliseconds(1)));
        Assert.That(sightings.Began["front"].From, Is.EqualTo(_tree.Ago(TimeSpan.FromSeconds(30))), "no later than its own footage");
    }

    [Test]
    public void Another_zone_of_names_moves_all_footage_and_loses_none()
    {
        _tree.Fill("front/a", Start, 6);
        // As after copying, so that the files do not say themselves of which zone they are.
        foreach (var file in Directory.EnumerateFiles(_tree.Tree.Root, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, _tree.Time.GetUtcNow().UtcDateTime.AddHours(-1).AddMinutes(-7));
        Note();
        var elsewhere = _tree.Recorder with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata") };
        var outcome = new Agent.Probing.Files.FilesProbe(_tree.Time, new Agent.Probing.Files.SecondOpinion(_tree.Time, new() { FilesPerLook = 0 })).Look(elsewhere, null, null, CancellationToken.None);

        Assert.That(outcome.Cameras.Single().Observation.Recorded[0].From, Is.Not.EqualTo(Start));
        Assert.That(new SightingStore(_tree.DataFolder).Note(elsewhere, outcome, _ => Days).Losses, Is.Empty);
    }

    [Test]
    public void A_recorder_that_overwrites_at_every_round_makes_one_loss_of_it()
    {
        _tree.Fill("front/a", Start, 60);
        Note();
        for (var i = 0; i < 4; i++)
        {
            Remove("front/a", Start.AddMinutes(i), 6);
            Note();
        }

        var noted = Note().Losses["front"].Single();
        Assert.That(noted.Loss.Range, Is.EqualTo(new TimeRange(Start, Start.AddMinutes(4))));
        Assert.That(noted.Bytes, Is.EqualTo(24 * new FileInfo(FootageTree.Whole).Length));
    }

    [Test]
    public void Footage_that_was_old_enough_may_go()
    {
        _tree.Fill("front/a", _tree.Ago(TimeSpan.FromDays(31)), 6);
        _tree.Fill("front/b", Start, 6);
        Note();
        Directory.Delete(Path.Combine(_tree.Tree.Root, "front/a"), recursive: true);

        Assert.That(Note().Losses, Is.Empty);
    }

    static bool SameLoss(FootageLoss a, FootageLoss b) =>
        a.Range == b.Range && a.FromOldestEdge == b.FromOldestEdge && (a.NoticedAt - b.NoticedAt).Duration() < TimeSpan.FromMilliseconds(1);

    Sightings Note()
    {
        var outcome = _tree.Look();
        var sightings = Note(outcome);
        _tree.Pass(Round);
        return sightings;
    }

    Sightings Note(ProbeOutcome outcome) => new SightingStore(_tree.DataFolder).Note(_tree.Recorder, outcome, _ => Days);

    IEnumerable<VerdictReason> Reasons(Sightings sightings) => new Measurement(new PolicyOptions(), new SiteCalendar(TimeZoneInfo.Utc))
        .Judge(_tree.Recorder, _tree.Look(), sightings).Single(c => c.Camera == "front").Assessment.Thresholds.SelectMany(t => t.Reasons);

    void Remove(string folder, DateTimeOffset from, int count)
    {
        for (; count > 0; count--, from += TimeSpan.FromSeconds(10))
            File.Delete(_tree.FileAt(folder, from));
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using Agent.Evidence.Timelines;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Recorders;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files;

/// <summary>Trees nobody meant, and trees that change under the look: everything is told, nothing is followed, nothing is written.</summary>
[Platform("Linux")]
sealed class HostileTreeTests : IDisposable
{
    readonly FootageTree _tree = new();

    public void Dispose()
    {
        // Deeper than a path can be long, so that only somebody who walks can remove it.
        using var remove = Process.Start(new ProcessStartInfo("rm") { ArgumentList = { "-rf", "--", Path.Combine(_tree.Root, "deep") } })!;
        remove.WaitForExit();
        _tree.Dispose();
    }

    [Test]
    public void A_hundred_thousand_files_in_one_folder_are_all_looked_at()
    {
        const int Files = 100_000;
        var folder = Directory.CreateDirectory(Path.Combine(_tree.Root, "front")).FullName;
        // No file system lets one file have so many names.
        var begin = FootageTree.Now.AddSeconds(-10 * Files);
        for (var i = 0; i < Files; i++)
        {
            var name = Path.Combine(folder, $"{begin.AddSeconds(10 * i):yyyy-MM-dd_HH-mm-ss}.mp4");
            if (i % 10_000 == 0)
                File.Copy(FootageTree.Whole, name);
            else
                Assert.That(Link(Path.Combine(folder, $"{begin.AddSeconds(10 * (i - i % 10_000)):yyyy-MM-dd_HH-mm-ss}.mp4"), name), Is.Zero);
        }

        var outcome = _tree.Look();

        Assert.That(outcome.Problems, Is.Empty);
        Assert.That(outcome.Cameras.Single().Segments, Is.EqualTo(Files));
        Assert.That(outcome.Cameras.Single().Observation.Recorded, Is.EqualTo(new[] { new TimeRange(begin, FootageTree.Now) }));
        Assert.That(Directory.EnumerateFiles(folder).Count(), Is.EqualTo(Files));
    }

    [Test]
    public void A_path_of_four_thousand_characters_is_measured()
    {
        var folder = Deep(4000 - _tree.Root.Length - 26);
        var file = _tree.Put(Path.Combine(folder, "2026-11-23_08-00-00.mp4"), FootageTree.Whole);
        Assert.That(file, Has.Length.GreaterThan(3980).And.Length.LessThan(4096));

        var outcome = _tree.Look();

        Assert.That(outcome.Problems, Is.Empty);
        Assert.That(outcome.Cameras.Single().Observation.Recorded, Is.EqualTo(new[] { FootageTree.Range("08:00:00", "08:00:10") }));
    }

    [Test]
    public void What_lies_deeper_than_a_path_can_be_long_is_told_and_unknown()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        var upper = Directory.CreateDirectory(Path.Combine(_tree.Root, Deep(3000))).FullName;
        Directory.CreateDirectory(Path.Combine(_tree.Root, "lower", Deep(3000)));
        Directory.Move(Path.Combine(_tree.Root, "lower"), Path.Combine(upper, "lower"));

        var outcome = _tree.Look();

        Assert.That(outcome.Problems.Select(p => p.Code), Is.EqualTo(new[] { ProblemCode.UnreadableFolder }));
        Assert.That(outcome.Problems[0].Path, Has.Length.GreaterThan(4000 - _tree.Root.Length));
        Assert.That(outcome.Cameras.Single(c => c.Observation.Camera == "front").Segments, Is.EqualTo(1));
    }

    [TestCase("deleted")]
    [TestCase("renamed")]
    [TestCase("its folder deleted")]
    public void What_goes_while_it_is_looked_for_is_the_recorders_business(string change)
    {
        var outcome = LookWhile(change);
        Assert.That(outcome.Problems, Is.Empty);
        AssertTheOthersAreSeen(outcome);
    }

    [TestCase("truncated", ProblemCode.TruncatedFile)]
    [TestCase("overwritten", ProblemCode.UnreadableContainer)]
    [TestCase("made a folder", ProblemCode.UnreadableFile)]
    [TestCase("made a link", ProblemCode.UnreadableFile)]
    [TestCase("made a pipe", ProblemCode.UnreadableFile)]
    public void What_changes_while_it_is_looked_for_is_told_and_never_more_than_it_is(string change, object code)
    {
        var outcome = LookWhile(change);
        Assert.That(outcome.Problems.Select(p => (p.Path, p.Code)), Is.EqualTo(new[] { ("front/2026-11-23_08-00-10.mp4", (ProblemCode)code) }));
        AssertTheOthersAreSeen(outcome);
    }

    [Test]
    public void A_recorder_at_work_is_looked_at_again_and_again_without_a_failure()
    {
        using var stop = new CancellationTokenSource();
        for (var i = 0; i < 60; i++)
            _tree.Put($"front/2026-11-23_08-{i:00}-00.mp4", FootageTree.Whole);
        var recorder = new Thread(() =>
        {
            var files = Directory.GetFiles(Path.Combine(_tree.Root, "front"));
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var file = files[i * 7 % files.Length];
                File.Delete(file);
                File.Copy(FootageTree.Whole, file + ".part");
                File.Move(file + ".part", file);
            }
        });
        recorder.Start();
        try
        {
            for (var look = 0; look < 50; look++)
            {
                var outcome = _tree.Look();
                Assert.That(outcome.Failed, Is.False);
                Assert.That(outcome.Problems.Select(p => $"{p.Code} {p.Path} {p.Message}"), Is.Empty);
                Assert.That(outcome.Cameras.Single().Observation.Recorded.Length, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(600)));
            }
        }
        finally
        {
            stop.Cancel();
            recorder.Join();
        }
    }

    /// <summary>Three files of ten seconds; the second is changed between its listing and its opening.</summary>
    ProbeOutcome LookWhile(string change)
    {
        _tree.Put("back/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        var file = _tree.Put("front/2026-11-23_08-00-10.mp4", FootageTree.Whole);
        _tree.Put("yard/2026-11-23_08-00-20.mp4", FootageTree.Whole);
        var time = new FakeTimeProvider(FootageTree.Now);
        var recorder = new Recorder("r", _tree.Root, "auto", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>());
        string[]? before = null;
        var outcome = new FilesProbe(time, new SecondOpinion(time, new SecondOpinionOptions { FilesPerLook = 0 })).Look(recorder, null, new At("front/2026-11-23_08-00-10.mp4", () =>
        {
            Change(file, change);
            before = _tree.Listing();
        }), CancellationToken.None);
        Assert.That(before, Is.Not.Null, "the file was never come to");
        Assert.That(_tree.Listing(), Is.EqualTo(before), "the look changed something");
        return outcome;
    }

    static void Change(string file, string change)
    {
        if (change == "renamed")
            File.Move(file, file + ".moved");
        else if (change == "its folder deleted")
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        else if (change == "truncated")
            File.Copy(FootageTree.Truncated, file, overwrite: true);
        else if (change == "overwritten")
            File.WriteAllText(file, new string('x', 5000));
        else
            File.Delete(file);

        if (change == "made a folder")
            Directory.CreateDirectory(file);
        else if (change == "made a link")
            File.CreateSymbolicLink(file, FootageTree.Whole);
        else if (change == "made a pipe")
            Assert.That(MakePipe(file, 0x1B6), Is.Zero);
    }

    static void AssertTheOthersAreSeen(ProbeOutcome outcome)
    {
        var seen = outcome.Cameras.ToDictionary(c => c.Observation.Camera, c => c.Observation);
        Assert.That(seen["back"].Recorded, Is.EqualTo(new[] { FootageTree.Range("08:00:00", "08:00:10") }));
        Assert.That(seen["yard"].Recorded, Is.EqualTo(new[] { FootageTree.Range("08:00:20", "08:00:30") }));
        if (seen.TryGetValue("front", out var front))
            Assert.That(front.Recorded.Length, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    static string Deep(int length)
    {
        var path = "deep";
        while (path.Length < length)
            path = Path.Combine(path, new string('d', Math.Clamp(length - path.Length - 1, 1, 200)));
        return path;
    }

    sealed class At(string relativePath, Action act) : IProgress<ProbeProgress>
    {
        public void Report(ProbeProgress value)
        {
            if (value.RelativePath == relativePath)
                act();
        }
    }

#pragma warning disable SYSLIB1054, CA5392, CA2101 // Two calls into the C library that is always loaded; Linux takes every string as UTF-8.
    [DllImport("libc", EntryPoint = "link")]
    static extern int Link(string existing, string created);

    [DllImport("libc", EntryPoint = "mkfifo")]
    static extern int MakePipe(string path, uint mode);
#pragma warning restore SYSLIB1054, CA5392, CA2101
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Probing.Files.Containers;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files;

[Platform(Exclude = "Win", Reason = "the ffprobe put in its place is a shell script")]
internal sealed class SecondOpinionTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly string[] X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p"];
    static readonly string[] FiveSeconds = ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=5"];

    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _time = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("opinion.mp4")]
    [TestCase("opinion.mkv")]
    [TestCase("opinion.ts")]
    [TestCase("opinion-fragments.mp4", "-movflags", "frag_keyframe+empty_moov")]
    public void Real_ffprobe_agrees_with_a_right_reading_and_contradicts_a_wrong_one(string name, params string[] more)
    {
        var path = SyntheticFootage.Make(name, [.. FiveSeconds, .. X264, .. more]);
        var look = SegmentReader.Look(path, CancellationToken.None);
        Assert.That(look.Container.State, Is.EqualTo(ContainerState.Whole));

        var right = Ask(new SecondOpinion(TimeProvider.System), (path, look));
        var wrong = Ask(new SecondOpinion(TimeProvider.System), (path, Claiming(look, TimeSpan.FromSeconds(60))));

        Assert.That(right.Problems, Is.Empty);
        Assert.That(right.Findings, Is.Empty);
        Assert.That(wrong.Problems, Is.Empty);
        Assert.That(wrong.Findings, Is.EqualTo(new[] { new Finding(FindingCode.SecondOpinionDiffers, null, "ffprobe reads 5.0 s in a file where 60.0 s were measured") }));
    }

    [TestCase("v\" -o \"x.mp4")]
    [TestCase("v\" -o \"/x.mp4")]
    [TestCase("-report.mp4")]
    [TestCase("two\nlines -o x.mp4")]
    [TestCase("%d%s%03d.mp4")]
    [TestCase("http:127.0.0.1.mp4")]
    [TestCase("concat:a|b.mp4")]
    [TestCase("'`$(touch x)`'\\.mp4")]
    [TestCase("前门 \U0001F3A5.mp4")]
    public void A_hostile_name_is_measured_and_makes_ffprobe_write_nothing(string name)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(Clip(), path);
        var before = Listing();

        var (findings, problems) = Ask(new SecondOpinion(TimeProvider.System), (path, Claiming(SegmentReader.Look(path, CancellationToken.None), TimeSpan.FromSeconds(60))));

        Assert.That(problems, Is.Empty);
        Assert.That(findings, Has.One.Matches<Finding>(f => f!.Measure.StartsWith("ffprobe reads 5.0 s", StringComparison.Ordinal)));
        Assert.That(Listing(), Is.EqualTo(before));
    }

    [TestCase("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{0}/x.ts\n#EXT-X-ENDLIST\n")]
    [TestCase("ffconcat version 1.0\nfile {0}/x.ts\n")]
    public void A_playlist_disguised_as_a_video_connects_to_nobody(string playlist)
    {
        SyntheticFootage.Require();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var path = _folder.Write("v.mp4", string.Format(CultureInfo.InvariantCulture, playlist, $"http://{listener.LocalEndpoint}"));

        var (findings, problems) = Ask(new SecondOpinion(TimeProvider.System), (path, Whole(path)));

        Assert.That(listener.Pending(), Is.False);
        Assert.That(findings, Is.Empty);
        Assert.That(problems, Has.One.Matches<ProbeProblem>(p => p!.IsWarning && p.Message.Contains("Format not on whitelist", StringComparison.Ordinal)));
    }

    [Test]
    public void A_video_in_a_codec_no_recorder_writes_is_not_decoded()
    {
        var path = SyntheticFootage.Make("opinion-ffv1.mkv", [.. FiveSeconds, "-c:v", "ffv1"]);

        var (findings, problems) = Ask(new SecondOpinion(TimeProvider.System), (path, Whole(path)));

        Assert.That(findings, Is.Empty);
        Assert.That(problems, Has.One.Matches<ProbeProblem>(p => p!.IsWarning && p.Message.Contains("(ffv1) not on whitelist", StringComparison.Ordinal)));
    }

    [Test]
    public void One_that_hangs_is_ended_at_the_deadline_with_its_children()
    {
        using var ffprobe = new FakeFfprobe("/bin/sleep 1000 &\necho $$ $! > \"$0.new\"; /bin/mv \"$0.new\" \"$0.pids\"\nwait");
        var asking = Task.Run(() => Ask(With(ffprobe), Footage("v.mp4")));
        Assert.That(SpinWait.SpinUntil(() => ffprobe.Wrote("pids"), Patience), Is.True);
        Assert.That(asking.IsCompleted, Is.False);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(asking.Wait(Patience), Is.True);
        Assert.That(asking.Result.Problems, Is.EqualTo(new[]
        {
            new ProbeProblem("r", "v.mp4", ProblemCode.NoSecondOpinion, "ffprobe gave no second opinion: it did not answer within 10 s"),
        }));
        AssertGone(ffprobe);
    }

    [Test]
    public void Cancellation_throws_and_ends_it_with_its_children()
    {
        using var ffprobe = new FakeFfprobe("/bin/sleep 1000 &\necho $$ $! > \"$0.new\"; /bin/mv \"$0.new\" \"$0.pids\"\nwait");
        using var cancel = new CancellationTokenSource();
        var asking = Task.Run(() => Ask(With(ffprobe), cancel.Token, Footage("v.mp4")));
        Assert.That(SpinWait.SpinUntil(() => ffprobe.Wrote("pids"), Patience), Is.True);

        cancel.Cancel();

        Assert.That(async () => await asking.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
        AssertGone(ffprobe);
    }

    [Test]
    public void One_that_answers_without_end_is_cut()
    {
        using var ffprobe = new FakeFfprobe("echo $$ > \"$0.pids\"\nexec /usr/bin/yes");

        var (_, problems) = Ask(With(ffprobe), Footage("v.mp4"));

        Assert.That(problems.Single().Message, Does.Contain("longer than 1048576 bytes"));
        AssertGone(ffprobe);
    }

    [Test]
    public void One_that_complains_without_end_is_ended_at_the_deadline()
    {
        using var ffprobe = new FakeFfprobe("echo $$ > \"$0.new\"; /bin/mv \"$0.new\" \"$0.pids\"\nexec /usr/bin/yes >&2");
        var asking = Task.Run(() => Ask(With(ffprobe), Footage("v.mp4")));
        Assert.That(SpinWait.SpinUntil(() => ffprobe.Wrote("pids"), Patience), Is.True);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(asking.Wait(Patience), Is.True);
        Assert.That(asking.Result.Problems.Single().Message, Does.Contain("within 10 s"));
        AssertGone(ffprobe);
    }

    [Test]
    public void One_that_fails_is_a_warning_for_that_file_without_its_full_path_or_control_characters()
    {
        using var ffprobe = new FakeFfprobe("""for last; do :; done; printf '%s: \033[31mbroken\nagain' "$last" >&2; exit 3""");

        var (findings, problems) = Ask(With(ffprobe), Footage("two\nlines.mp4"));

        Assert.That(findings, Is.Empty);
        Assert.That(problems, Is.EqualTo(new[]
        {
            new ProbeProblem("r", "two\\u000alines.mp4", ProblemCode.NoSecondOpinion, "ffprobe gave no second opinion: it ended with code 3 (the file: \\u001b[31mbroken; again)"),
        }));
        Assert.That(problems.Single().IsWarning, Is.True);
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{\"streams\":[],\"format\":{}}")]
    [TestCase("{\"streams\":[{\"codec_type\":\"video\",\"duration\":\"99999999999999:00:07.0\"}],\"format\":{}}")]
    public void An_answer_that_states_no_duration_is_a_warning(string answer)
    {
        using var ffprobe = FakeFfprobe.Answering(answer);

        var (findings, problems) = Ask(With(ffprobe), Footage("v.mp4"));

        Assert.That(findings, Is.Empty);
        Assert.That(problems.Single().Message, Does.Contain("states no duration"));
    }

    [Test]
    public void A_single_picture_without_a_length_needs_no_second_opinion()
    {
        using var ffprobe = FakeFfprobe.Answering("{\"streams\":[{\"codec_type\":\"video\",\"duration\":\"0:00:00.000000\"}],\"format\":{\"duration\":\"0:00:00.000000\"}}");

        var (findings, problems) = Ask(With(ffprobe), Footage("v.mp4", seconds: 0));

        Assert.That(findings, Is.Empty);
        Assert.That(problems, Is.Empty);
    }

    [TestCase(3.1, false)]
    [TestCase(2.9, true)]
    [TestCase(6.9, false)]
    [TestCase(7.1, true)]
    public void Two_seconds_of_a_short_file_are_tolerated(double ours, bool found) => Assert.That(Differs("0:00:05.000000", ours), Is.EqualTo(found));

    [TestCase(3529, false)]
    [TestCase(3527, true)]
    [TestCase(3672, false)]
    [TestCase(3674, true)]
    public void Two_percent_of_a_long_file_are_tolerated(double ours, bool found) => Assert.That(Differs("1:00:00.000000", ours), Is.EqualTo(found));

    [Test]
    public void A_file_whose_video_states_no_duration_is_compared_as_a_whole()
    {
        using var ffprobe = FakeFfprobe.Answering("""{"streams":[{"codec_type":"video"}],"format":{"duration":"0:00:05.000000"}}""");

        var (findings, problems) = Ask(With(ffprobe), Footage("v.mp4", seconds: 60));

        Assert.That(problems, Is.Empty);
        Assert.That(findings.Single().Measure, Does.StartWith("ffprobe reads 5.0 s"));
    }

    [Test]
    public void A_finding_is_told_of_its_own_camera_only()
    {
        using var ffprobe = FakeFfprobe.Answering(FakeFfprobe.FiveSeconds);
        var sample = With(ffprobe).Sample();
        var (path, look) = Footage("v.mp4", seconds: 60);
        sample.Offer("front", new FootageFile(path, "front/v.mp4"), look);
        sample.Offer("back", new FootageFile(path, "back/v.mp4"), Claiming(look, TimeSpan.FromSeconds(5)));

        var answers = sample.Ask(new ProblemList("r", 50), CancellationToken.None);

        Assert.That(answers.For("front").Count(), Is.EqualTo(1));
        Assert.That(answers.For("back"), Is.Empty);
        Assert.That(answers.For("never seen"), Is.Empty);
    }

    [Test]
    public void Without_ffprobe_there_is_one_warning()
    {
        var opinion = new SecondOpinion(_time, new SecondOpinionOptions { Ffprobe = Path.Combine(_folder.Path, "ffprobe") });

        var (findings, problems) = Ask(opinion, Footage("a.mp4"), Footage("b.mp4"), Footage("c.mp4"));

        Assert.That(findings, Is.Empty);
        Assert.That(problems.Single().Path, Is.Null);
        Assert.That(problems.Single().IsWarning, Is.True);
        Assert.That(problems.Single().Message, Does.Contain("ffprobe is not installed"));
    }

    [Test]
    public void One_that_cannot_be_started_is_one_warning()
    {
        using var ffprobe = new FakeFfprobe("");
        File.WriteAllText(ffprobe.Path, "#!/nowhere/at/all\n");

        var (_, problems) = Ask(With(ffprobe), Footage("a.mp4"), Footage("b.mp4"));

        Assert.That(problems.Single().Path, Is.Null);
        Assert.That(problems.Single().Message, Does.StartWith("ffprobe cannot be started"));
    }

    [Test]
    public void Nothing_to_ask_about_is_no_problem() =>
        Assert.That(Ask(new SecondOpinion(_time, new SecondOpinionOptions { Ffprobe = "/nowhere/ffprobe" })).Problems, Is.Empty);

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(3, 3)]
    public void However_many_files_there_are_it_is_started_only_so_often(int filesPerLook, int starts)
    {
        using var ffprobe = FakeFfprobe.Answering(FakeFfprobe.FiveSeconds);
        var opinion = new SecondOpinion(_time, new SecondOpinionOptions { Ffprobe = ffprobe.Path, FilesPerLook = filesPerLook });

        var (_, problems) = Ask(opinion, [.. Enumerable.Repeat(Footage("v.mp4"), 5000)]);

        Assert.That(problems, Is.Empty);
        Assert.That(ffprobe.Starts, Is.EqualTo(starts));
    }

    [Test]
    public void Files_offered_late_are_chosen_too()
    {
        using var ffprobe = new FakeFfprobe("exit 1");
        var (path, look) = Footage("v.mp4");
        var sample = With(ffprobe).Sample();
        for (var i = 0; i < 5000; i++)
            sample.Offer("front", new FootageFile(path, $"{i:0000}.mp4"), look);
        var problems = new ProblemList("r", 50);

        sample.Ask(problems, CancellationToken.None);

        Assert.That(problems.All, Has.Count.EqualTo(3));
        Assert.That(problems.All.Select(p => p.Path), Has.Some.GreaterThan("0010.mp4"));
    }

    [Test]
    public void A_file_that_has_changed_or_gone_since_it_was_read_is_not_asked_about()
    {
        using var ffprobe = FakeFfprobe.Answering(FakeFfprobe.FiveSeconds);
        var grown = Footage("grown.mp4", seconds: 60);
        File.AppendAllText(grown.Path, "more");
        var gone = Footage("gone.mp4", seconds: 60);
        File.Delete(gone.Path);

        var (findings, problems) = Ask(With(ffprobe), grown, gone);

        Assert.That(findings, Is.Empty);
        Assert.That(problems, Is.Empty);
        Assert.That(ffprobe.Starts, Is.Zero);
    }

    [Test]
    public void A_file_that_changes_while_ffprobe_reads_it_proves_nothing()
    {
        using var ffprobe = new FakeFfprobe($"for last; do :; done; echo more >> \"${{last#file:}}\"\necho '{FakeFfprobe.FiveSeconds}'");

        var (findings, problems) = Ask(With(ffprobe), Footage("v.mp4", seconds: 60));

        Assert.That(findings, Is.Empty);
        Assert.That(problems, Is.Empty);
    }

    [Test]
    public void It_gets_the_path_as_one_argument_no_input_and_nothing_of_our_environment()
    {
        using var ffprobe = new FakeFfprobe($"/usr/bin/env > \"$0.env\"; /bin/cat > \"$0.input\"; for last; do :; done; echo \"$last\" > \"$0.last\"\necho '{FakeFfprobe.FiveSeconds}'");
        var footage = Footage("a b\" -o c.mp4");

        var (_, problems) = Ask(With(ffprobe), footage);

        Assert.That(problems, Is.Empty);
        Assert.That(ffprobe.Written("last"), Is.EqualTo(new[] { $"file:{footage.Path}" }));
        Assert.That(ffprobe.Written("input"), Is.Empty);
        Assert.That(ffprobe.Written("env").Select(line => line.Split('=')[0]), Is.SubsetOf(new[] { "AV_LOG_FORCE_NOCOLOR", "PWD", "OLDPWD", "SHLVL", "_" }));
    }

    [Test]
    public void Ffprobe_is_looked_for_in_the_full_paths_of_the_path_only()
    {
        using var ffprobe = new FakeFfprobe("");
        var folder = Path.GetDirectoryName(ffprobe.Path)!;
        _folder.Write("ffprobe", "not a program");

        Assert.That(FfprobeLocation.OnPath($".:bin::{_folder.Path}:/nowhere:{folder}"), Is.EqualTo(ffprobe.Path));
        Assert.That(FfprobeLocation.OnPath($".:{Path.GetRelativePath(Environment.CurrentDirectory, folder)}"), Is.Null);
        Assert.That(FfprobeLocation.OnPath(""), Is.Null);
    }

    bool Differs(string theirs, double ours)
    {
        using var ffprobe = FakeFfprobe.Answering($$$"""{"streams":[{"codec_type":"video","duration":"{{{theirs}}}"}],"format":{"duration":"9:00:00.0"}}""");
        var (findings, problems) = Ask(With(ffprobe), Footage("v.mp4", ours));
        Assert.That(problems, Is.Empty);
        return findings.Length == 1;
    }

    SecondOpinion With(FakeFfprobe ffprobe) => new(_time, new SecondOpinionOptions { Ffprobe = ffprobe.Path });

    static string Clip() => SyntheticFootage.Make("opinion.mp4", [.. FiveSeconds, .. X264]);

    (string Path, FileLook Look) Footage(string name, double seconds = 5)
    {
        var path = _folder.Write(name, "some bytes");
        return (path, Claiming(Whole(path), TimeSpan.FromSeconds(seconds)));
    }

    static FileLook Whole(string path)
    {
        var file = new FileInfo(path);
        return new FileLook(file.Length, file.LastWriteTimeUtc, new ContainerReading(ContainerState.Whole, ContainerFormat.Mp4, TimeSpan.FromSeconds(5), null), null, Gone: false);
    }

    static FileLook Claiming(FileLook look, TimeSpan duration) => look with { Container = look.Container with { Duration = duration } };

    static (Finding[] Findings, IReadOnlyList<ProbeProblem> Problems) Ask(SecondOpinion opinion, params (string Path, FileLook Look)[] files) =>
        Ask(opinion, CancellationToken.None, files);

    static (Finding[] Findings, IReadOnlyList<ProbeProblem> Problems) Ask(SecondOpinion opinion, CancellationToken cancel, params (string Path, FileLook Look)[] files)
    {
        var sample = opinion.Sample();
        var problems = new ProblemList("r", 50);
        foreach (var (path, look) in files)
            sample.Offer("front", new FootageFile(path, Path.GetFileName(path)), look);
        var answers = sample.Ask(problems, cancel);
        return ([.. answers.For("front")], problems.All);
    }

    string[] Listing() => [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    static void AssertGone(FakeFfprobe ffprobe)
    {
        foreach (var process in ffprobe.Written("pids").Single().Split(' '))
            Assert.That(SpinWait.SpinUntil(() => HasEnded(process), Patience), Is.True, "a process is left behind");
    }

    /// <summary>Gone, or dead and waiting for its parent.</summary>
    static bool HasEnded(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1][0] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }
}

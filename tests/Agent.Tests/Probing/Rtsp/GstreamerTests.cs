using Agent.Keys;
using Agent.Probing.Files;
using Agent.Probing.Rtsp;
using Agent.Recorders;
using NUnit.Framework;
using static Agent.Tests.Probing.Rtsp.RecordedPieces;

namespace Agent.Tests.Probing.Rtsp;

/// <summary>Our client against a server of other people.</summary>
sealed class GstreamerTests
{
    static readonly RtspAccess Access = new()
    {
        Login = new RecorderLogin("viewer", new Secret("Tr0ub4dor")),
        Patience = TimeSpan.FromSeconds(20),
        Deadline = TimeSpan.FromMinutes(3),
    };

    // Half a minute, a gap of 15 s, ten seconds, a gap of 5 s, ten seconds, and a minute later the last.
    static readonly double[] Pieces = [0, 10, 20, 45, 60, 130];

    static GstreamerRecorder? _recorder;
    static string? _whyNot;

    [OneTimeSetUp]
    public static async Task StartTheRecorder() => (_recorder, _whyNot) = await GstreamerRecorder.StartAsync(Pieces.Select(At));

    [OneTimeTearDown]
    public static void StopTheRecorder() => _recorder?.Dispose();

    [TestCase("h264", "H264", 320, 240, 15)]
    [TestCase("h265", "H265", 192, 144, 10)]
    public async Task A_live_camera_is_seen_as_it_is(string name, string codec, int width, int height, double rate)
    {
        if (FfprobeLocation.Find("") is not { } program)
        {
            Assert.Ignore("ffprobe is not installed.");
            return;
        }
        var answer = await Live(new Ffprobe(program, TimeSpan.FromSeconds(60), TimeProvider.System)).AskAsync(Recorder[name], default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That((answer.Codec, answer.Width, answer.Height), Is.EqualTo((codec, (int?)width, (int?)height)));
            Assert.That(answer.FramesPerSecond, Is.EqualTo(rate).Within(rate * 0.2));
            Assert.That(answer.Decoded, Is.GreaterThan(answer.Pictures / 2).And.LessThanOrEqualTo(answer.Pictures));
        });
    }

    [Test]
    public async Task Without_a_decoder_only_packets_are_counted_and_that_is_said()
    {
        var answer = await Live(null).AskAsync(Recorder["h264"], default);
        Assert.Multiple(() =>
        {
            Assert.That((answer.Failure, answer.Codec, answer.Width, answer.Decoded), Is.EqualTo(((RtspFailure?)null, "H264", (int?)null, (int?)null)));
            Assert.That(answer.FramesPerSecond, Is.EqualTo(15).Within(3));
            Assert.That(answer.Message, Does.Contain("only packets were counted"));
        });
    }

    [Test]
    public async Task Every_gap_of_an_archive_is_found()
    {
        var answer = await Replayed(check => check.AskAsync(Recorder["archive"], Range(-20, 135), default));
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That(Edges(answer.Recorded), Is.EqualTo(Edges((0, 30), (45, 55), (60, 70), (130, 135))).Within(0.3));
            Assert.That(Edges(answer.Looked), Is.EqualTo(Edges((-20, 135))).Within(0.3));
        });
    }

    [Test]
    public async Task By_its_key_pictures_too()
    {
        var answer = await Replayed(check => check.AskAsync(Recorder["archive"], Range(-300, 135), default));
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That(Edges(answer.Recorded), Is.EqualTo(Edges((0, 30), (45, 55), (60, 70), (130, 135))).Within(0.3));
        });
    }

    [Test]
    public async Task And_by_a_few_pictures()
    {
        var answer = await Replayed(check => check.SurveyAsync(Recorder["archive"], Range(-86_400, 135), TimeSpan.FromSeconds(8), default));
        await TestContext.Out.WriteLineAsync($"{answer.Plays} plays, {answer.Sessions} sessions");
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That((answer.First!.Value - Midnight).TotalSeconds, Is.EqualTo(0).Within(0.2));
            // The gap of 5 s is shorter than a step, and may be stepped over.
            Assert.That(Edges(answer.Recorded)[^4..], Is.EqualTo(new[] { Edges(answer.Recorded)[^4], 70, 130, 135 }).Within(0.3));
            Assert.That(answer.Sessions, Is.EqualTo(1));
        });
    }

    [TestCase(-1000, 0)]
    [TestCase(3.33, 3.4)]
    [TestCase(29, 29)]
    [TestCase(31, 45)]
    [TestCase(44, 45)]
    [TestCase(56, 60)]
    [TestCase(71, 130)]
    public async Task Footage_at_an_instant_is_told_from_a_gap(double instant, double first)
    {
        var answer = await Replayed(check => check.FirstAsync(Recorder["archive"], At(instant), default));
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That((answer.First!.Value - Midnight).TotalSeconds, Is.EqualTo(first).Within(0.25));
        });
    }

    [Test]
    public async Task A_wrong_password_is_a_refused_login()
    {
        var access = Access with { Login = new RecorderLogin("viewer", new Secret("Wr0ng")) };
        using var check = new ReplayCheck(access, TimeProvider.System);
        var replay = await check.FirstAsync(Recorder["archive"], At(0), default);
        var live = await new LiveCheck(access, null, TimeProvider.System, TimeSpan.FromSeconds(1)).AskAsync(Recorder["h264"], default);
        Assert.That((replay.Failure, live.Failure), Is.EqualTo(((RtspFailure?)RtspFailure.RefusedLogin, (RtspFailure?)RtspFailure.RefusedLogin)));
    }

    [Test]
    public async Task Without_a_login_none_is_tried()
    {
        using var check = new ReplayCheck(Access with { Login = null }, TimeProvider.System);
        var answer = await check.FirstAsync(Recorder["archive"], At(0), default);
        Assert.That((answer.Failure, answer.Message), Is.EqualTo(((RtspFailure?)RtspFailure.RefusedLogin, "it asks for a login, and none is configured")));
    }

    [Test]
    public async Task A_live_camera_is_no_archive()
    {
        using var check = new ReplayCheck(Access, TimeProvider.System);
        Assert.That((await check.FirstAsync(Recorder["h264"], At(0), default)).Failure, Is.EqualTo(RtspFailure.NotSupported));
    }

    static GstreamerRecorder Recorder
    {
        get
        {
            if (_recorder is null)
                Assert.Ignore(_whyNot!);
            return _recorder!;
        }
    }

    static LiveCheck Live(Ffprobe? ffprobe) => new(Access, ffprobe, TimeProvider.System, TimeSpan.FromSeconds(4));

    static async Task<ReplayAnswer> Replayed(Func<ReplayCheck, Task<ReplayAnswer>> look)
    {
        using var check = new ReplayCheck(Access, TimeProvider.System);
        return await look(check);
    }
}

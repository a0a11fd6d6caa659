using Agent.Keys;
using Agent.Probing.Rtsp;
using Agent.Recorders;
using FakeRecorder.Rtsp;
using NUnit.Framework;
using static Agent.Tests.Probing.Rtsp.RecordedPieces;

namespace Agent.Tests.Probing.Rtsp;

sealed class ReplayCheckTests
{
    // Gaps of 20 s, of 3 s and of half an hour, and one of a second that is none.
    static readonly (double From, double To)[] Pieces = [(0, 40), (60, 100), (101, 130), (133, 200), (2000, 2100)];

    static readonly RtspAccess Access = new() { Patience = TimeSpan.FromSeconds(5), Deadline = TimeSpan.FromMinutes(2) };
    static readonly RtspAccess Hurried = Access with { Patience = TimeSpan.FromSeconds(1) };

    [Test]
    public async Task Every_gap_is_found_to_the_picture([Values] KeyChoice begins, [Values] bool reorders, [Values] bool tellsPlay)
    {
        await using var recorder = RunningRtsp.Start(Script(Pieces) with { Begins = begins, Reorders = reorders, TellsPlay = tellsPlay, LongExtension = reorders });
        using var check = new ReplayCheck(Access, TimeProvider.System);
        var answer = await check.AskAsync(recorder.Replay("cam"), Range(5, 199), default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That(Edges(answer.Recorded), Is.EqualTo(Edges((5, 40), (60, 130), (133, 199))).Within(0.5));
            Assert.That(Edges(answer.Looked), Is.EqualTo(Edges((5, 199))).Within(0.5));
        });
    }

    [Test]
    public async Task Of_a_long_range_the_key_pictures_are_read_and_every_picture_at_the_gaps([Values] KeyChoice begins)
    {
        await using var recorder = RunningRtsp.Start(Script(Pieces) with { Begins = begins });
        using var check = new ReplayCheck(Access, TimeProvider.System);
        var answer = await check.AskAsync(recorder.Replay("cam"), Range(-1000, 2050), default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            // Gaps shorter than key pictures are apart are not promised.
            Assert.That(answer.Resolution, Is.EqualTo(TimeSpan.FromSeconds(3)).Within(TimeSpan.FromSeconds(0.1)));
            Assert.That(Edges(answer.Recorded), Is.EqualTo(Edges((0, 40), (60, 130), (133, 200), (2000, 2050))).Within(0.5));
            Assert.That(recorder.Requests.Count(request => request.Method == "PLAY"), Is.LessThan(10));
            Assert.That(recorder.Requests.First(request => request.Method == "PLAY").Field("Frames"), Is.EqualTo("intra"));
        });
    }

    [TestCase(-500, 0)]
    [TestCase(0, 0)]
    [TestCase(20.1, 20.2)]
    [TestCase(45, 60)]
    [TestCase(131, 133)]
    [TestCase(201, 2000)]
    public async Task The_first_footage_after_an_instant_is_found(double instant, double first)
    {
        await using var recorder = RunningRtsp.Start(Script(Pieces));
        using var check = new ReplayCheck(Access, TimeProvider.System);
        var answer = await check.FirstAsync(recorder.Replay("cam"), At(instant), default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That((answer.First!.Value - Midnight).TotalSeconds, Is.EqualTo(first).Within(0.21));
        });
    }

    [Test]
    public async Task A_week_is_surveyed_with_few_pictures_over_one_session()
    {
        const double Day = 86_400;
        await using var recorder = RunningRtsp.Start(Script((-3.2 * Day, -2 * Day), (-1.9 * Day, -0.5 * Day + 17), (-0.5 * Day + 1217, 100)));
        using var check = new ReplayCheck(Access with { Deadline = TimeSpan.FromMinutes(5) }, TimeProvider.System);
        var answer = await check.SurveyAsync(recorder.Replay("cam"), Range(-7 * Day, 0), TimeSpan.FromMinutes(15), default);
        await TestContext.Out.WriteLineAsync($"{answer.Plays} plays, {answer.Sessions} sessions");
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That(Edges(answer.Recorded), Is.EqualTo(Edges((-3.2 * Day, -2 * Day), (-1.9 * Day, -0.5 * Day + 17), (-0.5 * Day + 1217, 0))).Within(1));
            Assert.That(Edges(answer.Looked), Is.EqualTo(Edges((-7 * Day, 0))).Within(1));
            Assert.That(answer.Plays, Is.LessThan(400));
            Assert.That(answer.Sessions, Is.EqualTo(1));
        });
    }

    [TestCase(RtspFault.RefusesPause)]
    [TestCase(RtspFault.EndsAtEveryPiece)]
    [TestCase(RtspFault.StallsPlaying)]
    [TestCase(RtspFault.HangsUpPlaying)]
    [TestCase(RtspFault.Garbage)]
    [TestCase(RtspFault.ControlsElsewhere)]
    public async Task What_a_recorder_does_badly_hides_no_footage(RtspFault fault)
    {
        await using var recorder = RunningRtsp.Start(Script(Pieces) with { Fault = fault, Elsewhere = "127.0.0.2:1" });
        using var check = new ReplayCheck(Hurried, TimeProvider.System);
        var answer = await check.AskAsync(recorder.Replay("cam"), Range(5, 199), default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That(Edges(answer.Recorded), Is.EqualTo(Edges((5, 40), (60, 130), (133, 199))).Within(0.5));
            // One that hangs up needs no farewell.
            Assert.That(MostSessions(recorder.Requests), fault == RtspFault.HangsUpPlaying ? Is.EqualTo(recorder.Connections) : Is.EqualTo(1));
            Assert.That(recorder.Requests.Select(request => request.Text), Has.None.Contains("127.0.0.2"));
        });
    }

    [Test]
    public async Task Silence_after_the_last_picture_is_no_gap()
    {
        await using var recorder = RunningRtsp.Start(Script((0, 40), (60, 70)));
        using var check = new ReplayCheck(Hurried, TimeProvider.System);
        var answer = await check.AskAsync(recorder.Replay("cam"), Range(0, 200), default);
        Assert.Multiple(() =>
        {
            Assert.That((answer.Failure, answer.FellSilent), Is.EqualTo(((RtspFailure?)RtspFailure.TimedOut, true)));
            Assert.That(Edges(answer.Recorded), Is.EqualTo(Edges((0, 40), (60, 70))).Within(0.5));
            Assert.That(Edges(answer.Looked), Is.EqualTo(Edges((0, 70))).Within(0.5));
        });
    }

    [Test]
    public async Task After_a_picture_that_is_called_the_last_there_is_a_gap()
    {
        await using var recorder = RunningRtsp.Start(Script((0, 40), (60, 70)) with { TellsTerminal = true });
        using var check = new ReplayCheck(Hurried, TimeProvider.System);
        var answer = await check.AskAsync(recorder.Replay("cam"), Range(0, 200), default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That(Edges(answer.Looked), Is.EqualTo(Edges((0, 200))).Within(0.5));
        });
    }

    [Test]
    public async Task A_recorder_that_refuses_instants_before_its_oldest_is_asked_from_what_it_claims()
    {
        await using var recorder = RunningRtsp.Start(Script((10, 200)) with { Fault = RtspFault.RefusesBeforeOldest, ClaimsRange = true });
        using var check = new ReplayCheck(Access, TimeProvider.System);
        var answer = await check.AskAsync(recorder.Replay("cam"), Range(0, 100), default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That(Edges(answer.Recorded), Is.EqualTo(Edges((10, 100))).Within(0.5));
        });
    }

    [Test]
    public async Task A_refused_instant_proves_nothing()
    {
        await using var recorder = RunningRtsp.Start(Script((500, 600)) with { Fault = RtspFault.RefusesBeforeOldest });
        using var check = new ReplayCheck(Access, TimeProvider.System);
        var answer = await check.AskAsync(recorder.Replay("cam"), Range(0, 100), default);
        Assert.That((answer.Failure, answer.Looked.Count, answer.Recorded.Count), Is.EqualTo(((RtspFailure?)RtspFailure.OutOfRange, 0, 0)));
    }

    [Test]
    public async Task Two_looks_at_one_recorder_take_turns()
    {
        await using var recorder = RunningRtsp.Start(Script(Pieces));
        using var check = new ReplayCheck(Access, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => check.AskAsync(recorder.Replay("cam"), Range(0, 100), default)));
        Assert.That((recorder.Connections, MostSessions(recorder.Requests)), Is.EqualTo((4, 1)));
    }

    [Test]
    public async Task A_login_is_proved_and_never_told()
    {
        await using var recorder = RunningRtsp.Start(Script(Pieces) with { Login = new FakeRecorder.RecorderLogin("admin", "Tr0ub4dor"), MiscountsRefusals = true });
        using var check = new ReplayCheck(Access with { Login = new RecorderLogin("admin", new Secret("Tr0ub4dor")) }, TimeProvider.System);
        var answer = await check.AskAsync(recorder.Replay("cam"), Range(5, 39), default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.Null, answer.Message);
            Assert.That(recorder.Requests.Select(request => request.Text), Has.None.Contains("Tr0ub4dor").And.None.Contains("VHIwdWI0ZG9y"));
            Assert.That(recorder.Requests[^1].Method, Is.EqualTo("TEARDOWN"));
        });
    }

    [Test]
    public async Task A_wrong_password_is_tried_once()
    {
        await using var recorder = RunningRtsp.Start(Script(Pieces) with { Login = new FakeRecorder.RecorderLogin("admin", "right") });
        using var check = new ReplayCheck(Access with { Login = new RecorderLogin("admin", new Secret("Wr0ng")) }, TimeProvider.System);
        var answer = await check.SurveyAsync(recorder.Replay("cam"), Range(5, 39), TimeSpan.FromMinutes(1), default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.EqualTo(RtspFailure.RefusedLogin));
            Assert.That(answer.Message, Does.Not.Contain("Wr0ng"));
            Assert.That(recorder.Requests.Count(request => request.Field("Authorization") is not null), Is.EqualTo(1));
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task The_password_itself_is_told_only_where_that_is_allowed(bool allowed)
    {
        await using var recorder = RunningRtsp.Start(Script(Pieces) with { Login = new FakeRecorder.RecorderLogin("admin", "Tr0ub4dor"), AsksForBasic = true });
        using var check = new ReplayCheck(Access with { Login = new RecorderLogin("admin", new Secret("Tr0ub4dor")), AllowsBasic = allowed }, TimeProvider.System);
        var answer = await check.FirstAsync(recorder.Replay("cam"), At(5), default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.EqualTo(allowed ? null : RtspFailure.WantsBasic), answer.Message);
            Assert.That(recorder.Requests.Any(request => request.Field("Authorization") is not null), Is.EqualTo(allowed));
        });
    }

    /// <summary>How many sessions were set up at the same time and not torn down.</summary>
    static int MostSessions(IEnumerable<SeenRtsp> requests)
    {
        var (open, most) = (0, 0);
        foreach (var request in requests)
            most = Math.Max(most, open += request.Method switch { "SETUP" => 1, "TEARDOWN" => -1, _ => 0 });
        return most;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Agent.Keys;
using Agent.Probing.Rtsp;
using Agent.Recorders;
using FakeRecorder.Rtsp;
using NUnit.Framework;
using static Agent.Tests.Probing.Rtsp.RecordedPieces;

namespace Agent.Tests.Probing.Rtsp;

/// <summary>Whatever a recorder does, it gets a name, in time, and nobody goes where it points.</summary>
sealed class RtspFaultTests
{
    static readonly RtspAccess Access = new()
    {
        Patience = TimeSpan.FromSeconds(1),
        Deadline = TimeSpan.FromSeconds(20),
        Login = new RecorderLogin("admin", new Secret("Tr0ub4dor")),
    };

    [Test]
    public async Task Every_fault_has_its_name_at_every_stage(
        [Values(
            RtspFault.Stall, RtspFault.HalfReply, RtspFault.EndlessHead, RtspFault.EndlessLine, RtspFault.EndlessBody, RtspFault.NegativeBody,
            RtspFault.WrongCSeq, RtspFault.RedirectReply, RtspFault.RedirectRequest, RtspFault.AnswersHttp, RtspFault.HangsUp)] RtspFault fault,
        [Values("DESCRIBE", "SETUP", "PLAY")] string stage)
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        await using var recorder = RunningRtsp.Start(Script((0, 100)) with
        {
            Fault = fault,
            FaultAt = stage,
            Elsewhere = elsewhere.LocalEndpoint.ToString()!,
            Login = new FakeRecorder.RecorderLogin("admin", "Tr0ub4dor"),
        });
        using var check = new ReplayCheck(Access, TimeProvider.System);
        var begun = Stopwatch.StartNew();
        var answer = await check.AskAsync(recorder.Replay("cam"), Range(0, 50), default);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Failure, Is.EqualTo(Expected(fault)), answer.Message);
            Assert.That(answer.Looked, Is.Empty);
            Assert.That(answer.Message, Does.Not.Contain("Tr0ub4dor"));
            Assert.That(begun.Elapsed, Is.LessThan(TimeSpan.FromSeconds(15)));
            Assert.That(elsewhere.Pending(), Is.False, "somebody connected where the recorder pointed");
            Assert.That(recorder.Requests.Select(request => request.Text), Has.None.Contains("Tr0ub4dor"));
        });
    }

    [TestCase(RtspFault.RefusesReplay, RtspFailure.NotSupported)]
    [TestCase(RtspFault.NoTimes, RtspFailure.NoTimes)]
    public async Task A_recorder_that_cannot_replay_is_told_from_one_without_footage(RtspFault fault, object failure)
    {
        await using var recorder = RunningRtsp.Start(Script((0, 10_000)) with { Fault = fault });
        using var check = new ReplayCheck(Access, TimeProvider.System);
        Assert.That((await check.AskAsync(recorder.Replay("cam"), Range(0, 50), default)).Failure, Is.EqualTo(failure));
    }

    [Test]
    public async Task An_unknown_recording_and_a_closed_port_have_their_names()
    {
        var recorder = RunningRtsp.Start(Script((0, 100)));
        using var check = new ReplayCheck(Access, TimeProvider.System);
        var unknown = await check.FirstAsync(recorder.Replay("other"), At(0), default);
        await recorder.DisposeAsync();
        var closed = await check.FirstAsync(recorder.Replay("cam"), At(0), default);
        Assert.That((unknown.Failure, closed.Failure), Is.EqualTo(((RtspFailure?)RtspFailure.NotFound, (RtspFailure?)RtspFailure.Unreachable)));
    }

    [TestCase("PLAY", RtspFault.WrongCSeq)]
    [TestCase("PLAY", RtspFault.RedirectReply)]
    public async Task However_a_session_ends_it_is_torn_down(string stage, RtspFault fault)
    {
        await using var recorder = RunningRtsp.Start(Script((0, 100)) with { Fault = fault, FaultAt = stage, Elsewhere = "127.0.0.2:1" });
        using var check = new ReplayCheck(Access, TimeProvider.System);
        await check.AskAsync(recorder.Replay("cam"), Range(0, 50), default);
        Assert.That(recorder.Requests[^1].Method, Is.EqualTo("TEARDOWN"));
    }

    [Test]
    public async Task A_look_that_is_called_off_is_torn_down_too()
    {
        using var cancel = new CancellationTokenSource();
        await using var recorder = RunningRtsp.Start(Script((0, 100)) with { Fault = RtspFault.Stall, FaultAt = "PLAY" });
        using var check = new ReplayCheck(Access with { Patience = TimeSpan.FromSeconds(30) }, TimeProvider.System);
        var look = check.AskAsync(recorder.Replay("cam"), Range(0, 50), cancel.Token);
        var limit = Stopwatch.StartNew();
        while (recorder.Requests.All(request => request.Method != "PLAY") && limit.Elapsed < TimeSpan.FromSeconds(20))
            await Task.Delay(20);
        await cancel.CancelAsync();
        Assert.That(async () => await look, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(recorder.Requests[^1].Method, Is.EqualTo("TEARDOWN"));
    }

    static RtspFailure Expected(RtspFault fault) => fault switch
    {
        RtspFault.Stall or RtspFault.HalfReply or RtspFault.WrongCSeq => RtspFailure.TimedOut,
        RtspFault.EndlessHead or RtspFault.EndlessLine or RtspFault.EndlessBody => RtspFailure.TooMuch,
        RtspFault.RedirectReply or RtspFault.RedirectRequest => RtspFailure.Redirected,
        RtspFault.HangsUp => RtspFailure.Ended,
        _ => RtspFailure.NotRtsp,
    };
}

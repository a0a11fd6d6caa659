using System.Text.Json;
using Agent.Cli;
using Agent.Delivery;
using Agent.Evidence.Verdicts;
using Agent.Rounds;
using Agent.Status;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Status;

internal sealed class StatusFileTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void What_is_written_is_read_back_with_its_names()
    {
        var status = Snapshot(Verdict.Interrupted);
        StatusFile.Write(_folder.Path, status);

        var read = StatusFile.Read(_folder.Path, Now)!;

        Assert.That(StatusFile.ToJson(read), Is.EqualTo(StatusFile.ToJson(status)));
        Assert.That(read.Cameras.Single().Camera, Is.EqualTo("前门"));
        Assert.That(read.Delivery.Last, Is.EqualTo(status.Delivery.Last));
        Assert.That(JsonDocument.Parse(StatusFile.ToJson(status)).RootElement.GetProperty("overall").GetString(), Is.EqualTo("interrupted"));
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(1));
        if (!OperatingSystem.IsWindows())
            Assert.That(Convert.ToString((int)File.GetUnixFileMode(Path.Combine(_folder.Path, StatusFile.FileName)), 8), Is.EqualTo("640"));
    }

    [TestCase(119, true)]
    [TestCase(121, false)]
    [TestCase(-121, false)]
    public void A_silent_agent_does_not_run(int seconds, bool runs)
    {
        StatusFile.Write(_folder.Path, Snapshot(Verdict.Met));

        Assert.That(StatusFile.Read(_folder.Path, Now.AddSeconds(seconds)) is not null, Is.EqualTo(runs));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("{ \"at\": ")]
    [TestCase("{}")]
    public void No_snapshot_or_half_a_one_is_none(string? content)
    {
        if (content is not null)
            _folder.Write(StatusFile.FileName, content);

        Assert.That(StatusFile.Read(_folder.Path, Now), Is.Null);
    }

    [TestCase(Verdict.Met, 0)]
    [TestCase(Verdict.Maturing, 1)]
    [TestCase(Verdict.Interrupted, 1)]
    [TestCase(Verdict.Undetermined, 3)]
    [TestCase(Verdict.Breached, 2)]
    public void The_exit_code_is_that_of_the_worst_camera(Verdict verdict, int code) => Assert.That(ExitCodes.Of(Snapshot(verdict)), Is.EqualTo(code));

    [Test]
    public void A_warning_leaves_nothing_at_zero_and_betters_nothing()
    {
        Assert.That(ExitCodes.Of(Refused(Verdict.Met)), Is.EqualTo(1));
        Assert.That(ExitCodes.Of(Refused(Verdict.Breached)), Is.EqualTo(2));
        Assert.That(ExitCodes.Of(Snapshot(Verdict.Met) with { Cameras = [] }), Is.EqualTo(3));
        Assert.That(ExitCodes.Of(Snapshot(Verdict.Met) with { Recorders = [new RecorderStatus("r", null, false, [], false)] }), Is.EqualTo(3));
        Assert.That(ExitCodes.Of(WithLedger(LedgerHealth.Damaged)), Is.EqualTo(3));
        Assert.That(ExitCodes.Of(WithLedger(LedgerHealth.Quarantined)), Is.EqualTo(3));
        Assert.That(ExitCodes.Of(WithLedger(LedgerHealth.Holds)), Is.Zero);
    }

    [TestCase(JobStanding.OnTime, Verdict.Met, 0, null)]
    [TestCase(JobStanding.Overdue, Verdict.Met, 3, "'tick' should run every 300 s and has not for 900 s")]
    [TestCase(JobStanding.Stuck, Verdict.Met, 3, "'tick' has been running for 7200 s and does not end")]
    [TestCase(JobStanding.Overdue, Verdict.Breached, 2, "'tick' should run every 300 s and has not for 900 s")]
    public void A_job_that_does_not_move_leaves_nothing_met_and_is_told_first(JobStanding standing, Verdict verdict, int code, string? told)
    {
        var status = Snapshot(verdict) with { Jobs = [new JobStatus("tick", standing, 3, 900, standing == JobStanding.Stuck ? 7200 : null, 300)] };
        var text = new StringWriter();
        new StatusText(text).Write(status);

        Assert.That(ExitCodes.Of(status), Is.EqualTo(code));
        Assert.That(status.Warnings.FirstOrDefault(), Is.EqualTo(told));
        Assert.That(text.ToString(), Does.Contain("job         tick, every 300 s, last 900 s ago"));
    }

    [TestCase(false, "UnknownKey", Standing.NotConfigured)]
    [TestCase(true, "UnknownKey", Standing.NotEnrolled)]
    [TestCase(true, "RevokedKey", Standing.Revoked)]
    [TestCase(true, "ConnectionError", Standing.Unclear)]
    [TestCase(true, null, Standing.Accepted)]
    public void The_last_answer_says_where_the_agent_stands(bool configured, string? failure, Standing standing) =>
        Assert.That(DeliveryStatus.StandingOf(configured, new DeliveryReport(Now, 1, 0, 0, 1, failure)), Is.EqualTo(standing));

    [Test]
    public void Days_that_the_authority_assigned_are_told_as_its_own()
    {
        var text = new StringWriter();
        var declared = Camera("front_door", Verdict.Met);
        new StatusText(text).Write(Snapshot(Verdict.Met) with { Cameras = [declared, declared with { Camera = "yard", Sentence = "yard: so", RequiredDays = 30, Assignment = global::Agent.Evidence.Statements.Assignment.Signed }] });

        Assert.That(text.ToString(), Does.Contain("front_door: so [cam-01]\n").And.Contain("yard: so [cam-01], 30 d assigned by the authority"));
    }

    [Test]
    public void The_first_line_says_it_all_and_no_name_reaches_the_terminal_raw()
    {
        var text = new StringWriter();
        new StatusText(text).Write(Snapshot(Verdict.Breached) with { Cameras = [Camera("a\u001b[2J", Verdict.Breached)] });

        Assert.That(text.ToString().Split('\n')[0], Is.EqualTo("1 camera: breached. A technical measurement, not a finding of violation."));
        Assert.That(text.ToString(), Does.Not.Contain('\u001b').And.Contain("not enrolled").Or.Contain("the audit server accepts"));
    }

    [Test]
    public async Task It_is_written_at_the_start_at_every_turn_of_the_clock_and_after_a_round_and_is_gone_after_a_stop()
    {
        var time = new FakeTimeProvider(Now);
        var results = new RoundResults();
        var taken = 0;
        using var writer = new StatusWriter(_folder.Path, () => Snapshot(Verdict.Met) with { Version = $"{Interlocked.Increment(ref taken)}" }, results, time, NullLogger<StatusWriter>.Instance);

        await writer.StartAsync(CancellationToken.None);
        await UntilAsync("1");
        time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync("2");
        results.Set("r", new RoundResult(Rounds.Reports.Saw(), []));
        await UntilAsync("3");
        await writer.StopAsync(CancellationToken.None);

        Assert.That(Directory.GetFiles(_folder.Path), Is.Empty);
    }

    async Task UntilAsync(string version)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (StatusFile.Read(_folder.Path, Now)?.Version != version)
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
    }

    static AgentStatus Snapshot(Verdict verdict) => new()
    {
        At = Now,
        Site = "HZ-0571-0001",
        Agent = "a-0123456789abcdef",
        Version = "0.1.0",
        Key = "thumbprint",
        Ledger = new LedgerStatus(Guid.Empty, 3, new string('a', 64), LedgerHealth.Holds, null),
        Delivery = new DeliveryStatus(Standing.Accepted, 0, null, 0, new DeliveryReport(Now, 1, 1, 0, 0, null)),
        Poll = new PollStatus(new Uri("https://127.0.0.1:8443"), new string('b', 64)),
        Recorders = [new RecorderStatus("recordings", Now, false, [], false)],
        Jobs = [],
        Cameras = [Camera("前门", verdict)],
    };

    static CameraStatus Camera(string name, Verdict verdict) => new("recordings", name, "cam-01", 15, global::Agent.Evidence.Statements.Assignment.Declared, verdict, [], $"{name}: so", [], Now);

    static AgentStatus Refused(Verdict verdict) => Snapshot(verdict) with { Delivery = new DeliveryStatus(Standing.Revoked, 3, 1, 1, null) };

    static AgentStatus WithLedger(LedgerHealth health) => Snapshot(Verdict.Met) with { Ledger = new LedgerStatus(Guid.Empty, 3, "", health, "it was changed") };
}

using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;
using Agent.Tests.Evidence.Chain;
using Agent.Tests.Evidence.Statements;
using AuditServer.Assigning;
using AuditServer.Intake;
using NUnit.Framework;
using Serilog.Core;

namespace Agent.Tests.AuditServer;

/// <summary>What an officer has agents do goes out in receipts: which days bind a camera, and when all evidence is wanted.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class AssigningTests(TestDatabase database)
{
    RunningServer _server = null!;
    TestLedger _ledger = null!;
    string _told = "";

    [SetUp]
    public async Task Start()
    {
        _server = await RunningServer.Start(database);
        _server.Time.SetUtcNow(TestHeartbeats.AsOf.AddSeconds(30));
        _ledger = new TestLedger { Now = TestHeartbeats.AsOf };
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task An_assignment_goes_out_with_the_next_receipt_and_once()
    {
        await Beat(Camera("c-1", 7));

        Assert.That(Run("assign", "--site", "HZ-0001", "--camera", "c-1", "--days", "15"), Is.Zero, _told);
        Assert.That(Run("assign", "--site", "HZ-0001", "--camera", "c-1", "--days", "15"), Is.Zero, _told);

        Assert.That((await _server.Receipted(_ledger, _ledger.Tick())).Asks, Is.EqualTo(new Ask[] { new AssignAsk("s-1", "c-1", 15) }));
        Assert.That((await _server.Receipted(_ledger, _ledger.Tick())).Asks, Is.Empty);
        await LookAsync();
        Assert.That((await Beat(Camera("c-1", 15, signed: true))).Asks, Is.Empty);
        await LookAsync();
        Assert.That(_server.Query<long>("SELECT count(*) FROM asks WHERE answered IS NOT NULL"), Is.EqualTo(1));
        Assert.That(_server.Query<long>("SELECT count(*) FROM findings"), Is.Zero);
        Assert.That(Run("list-assignments", "--site", "HZ-0001"), Is.Zero);
        Assert.That(_told, Is.EqualTo("c-1  15 days  assigned 2026-11-23T10:00:30.000Z").Or.StartWith("c-1  15 days  assigned "));
    }

    [Test]
    public async Task The_same_days_declared_by_the_site_are_not_the_authoritys()
    {
        await Beat(Camera("c-1", 15));
        Run("assign", "--site", "HZ-0001", "--camera", "c-1", "--days", "15");

        Assert.That((await _server.Receipted(_ledger, _ledger.Tick())).Asks, Is.EqualTo(new Ask[] { new AssignAsk("s-1", "c-1", 15) }));
    }

    [Test]
    public async Task A_camera_that_comes_later_is_assigned_when_it_is_spoken_of_and_the_newest_assignment_counts()
    {
        await Beat(Camera("c-1", 7));
        Run("assign", "--site", "HZ-0001", "--camera", "c-2", "--days", "15");
        Assert.That(_told, Does.Contain("No agent has to be told now"));
        Run("assign", "--site", "HZ-0001", "--camera", "c-2", "--days", "30");
        Run("assign", "--site", "HZ-0002", "--camera", "c-1", "--days", "30");
        await LookAsync();
        Assert.That((await Beat(Camera("c-1", 7), Camera("c-2", 7))).Asks, Is.Empty);

        await _server.Restart();
        await LookAsync();

        Assert.That((await _server.Receipted(_ledger, _ledger.Tick())).Asks, Is.EqualTo(new Ask[] { new AssignAsk("s-2", "c-2", 30) }));
    }

    [Test]
    public async Task An_agent_that_does_not_follow_is_told_again_and_found_and_found_no_longer_when_it_does()
    {
        await Beat(Camera("c-1", 7));
        Run("assign", "--site", "HZ-0001", "--camera", "c-1", "--days", "15");
        await _server.Receipted(_ledger, _ledger.Tick());
        _server.Time.Advance(TimeSpan.FromHours(3));
        await LookAsync();
        Assert.That(_server.Query<long>("SELECT count(*) FROM findings WHERE code = 'AssignmentNotFollowed'"), Is.Zero, "no heartbeat came since");

        await Beat(Camera("c-1", 7));
        await LookAsync();
        await LookAsync();

        Assert.That(_server.Query<string>("SELECT message FROM findings WHERE code = 'AssignmentNotFollowed' AND closed IS NULL"), Does.Contain("15 days to camera c-1"));
        Assert.That((await _server.Receipted(_ledger, _ledger.Tick())).Asks, Is.EqualTo(new Ask[] { new AssignAsk("s-1", "c-1", 15) }));
        await Beat(Camera("c-1", 15, signed: true));
        await LookAsync();
        Assert.That(_server.Query<long>("SELECT count(*) FROM findings WHERE code = 'AssignmentNotFollowed' AND closed IS NOT NULL"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_heartbeat_is_asked_for_at_a_time()
    {
        await Beat(Camera("c-1", 7));
        var due = TestHeartbeats.AsOf.AddMinutes(20);

        Assert.That(Run("ask-heartbeat", "--agent", "HZ-0001-a", "--due", $"{due:yyyy-MM-dd'T'HH:mm:ss}Z"), Is.Zero, _told);
        Assert.That(Run("ask-heartbeat", "--agent", "HZ-0009-a", "--due", $"{due:yyyy-MM-dd'T'HH:mm:ss}Z"), Is.EqualTo(1));

        var ask = (NextAsk)(await _server.Receipted(_ledger, _ledger.Tick())).Asks.Single();
        Assert.That(ask.Due, Is.EqualTo(due));
        Assert.That((await _server.Receipted(_ledger, _ledger.Tick())).Asks, Is.Empty);
    }

    [Test]
    public async Task Heartbeats_on_time_are_asked_for_the_next_and_a_backlog_is_not()
    {
        await _server.Restart("--heartbeat", "10");

        Assert.That((await Beat(Camera("c-1", 7))).Asks.OfType<NextAsk>().Select(ask => ask.Due), Is.EqualTo(new[] { _server.Time.GetUtcNow().AddMinutes(10) }));
        Assert.That((await _server.Receipted(_ledger, _ledger.Tick())).Asks.OfType<NextAsk>(), Is.Empty);
        // Time that passes may also make the server want an attestation.
        _server.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.That((await Beat(Camera("c-1", 7))).Asks.OfType<NextAsk>(), Is.Empty);
    }

    [Test]
    public async Task A_receipt_that_is_full_of_questions_is_asked_no_more()
    {
        await _server.Restart("--heartbeat", "10");
        for (var i = 0; i < ReceiptCodec.MostAsks; i++)
            _server.Service<EvidenceStore>().Ask("HZ-0001-a", new AssignAsk($"x-{i}", "c-1", 7));

        Assert.That((await Beat(Camera("c-1", 7))).Asks, Has.Length.EqualTo(ReceiptCodec.MostAsks).And.All.TypeOf<AssignAsk>());
    }

    [TestCase("assign", "--site", "HZ-0001", "--camera", "c-1")]
    [TestCase("assign", "--site", "HZ-0001", "--camera", "c-1", "--days", "0")]
    [TestCase("assign", "--site", "HZ-0001", "--camera", "c-1", "--days", "401")]
    [TestCase("assign", "--site", "HZ-0001", "--camera", "c 1", "--days", "15")]
    [TestCase("assign", "--site", "HZ-0001", "--days", "15")]
    [TestCase("assign", "--camera", "c-1", "--days", "15")]
    [TestCase("assign", "--site", "HZ-0001", "--camera", "c-1", "--days", "15", "--due", "x")]
    [TestCase("list-assignments")]
    [TestCase("ask-heartbeat", "--agent", "HZ-0001-a")]
    [TestCase("ask-heartbeat", "--agent", "HZ-0001-a", "--due", "2026-11-20T10:00:00Z")]
    [TestCase("ask-heartbeat", "--agent", "HZ-0001-a", "--due", "tomorrow")]
    [TestCase("ask-heartbeat", "--agent", "HZ-0001-a", "--due", "2036-11-23T10:00:00")]
    [TestCase("ask-heartbeat", "--agent", "HZ-0001-a", "--due")]
    public void What_cannot_be_meant_is_refused_with_the_usage(params string[] arguments)
    {
        Assert.That(Run(arguments), Is.EqualTo(64));
        Assert.That(_told, Does.Contain("retention-audit-server assign"));
    }

    static CameraStatement Camera(string code, int days, bool signed = false)
    {
        var label = TestHeartbeats.Label(code) with { Assignment = signed ? Assignment.Signed : Assignment.Declared };
        return CameraStatement.From(label, TestHeartbeats.Evidence(), new RetentionPolicy { RequiredDays = days }, TestHeartbeats.Shanghai, TestHeartbeats.AsOf);
    }

    Task<Receipt> Beat(params CameraStatement[] cameras) => _server.Receipted(_ledger, _ledger.Heartbeat(between: 0, cameras: cameras));

    async Task LookAsync()
    {
        using var watch = new AssignmentWatch(_server.Service<EvidenceStore>(), _server.Time, Logger.None);
        await watch.LookNowAsync(CancellationToken.None);
    }

    int Run(params string[] arguments)
    {
        using var told = new StringWriter();
        var code = AssignCommand.Run([.. arguments, .. _server.Where], _server.Time, told, told);
        _told = told.ToString().Trim();
        return code;
    }
}

using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;
using Agent.Tests.Evidence.Chain;
using Agent.Tests.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

/// <summary>What the server comes to by its own policy is a finding when it is worse than the claim, for as long as it is.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class OwnFindingTests(TestDatabase database)
{
    const string Strict = """{"sites":{"HZ-0001":{"requiredDays":15}}}""";

    RunningServer _server = null!;
    TestLedger _ledger = null!;

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task A_verdict_worse_than_the_claimed_one_is_told_once_and_closed_when_it_is_over()
    {
        await StartAsync(Strict);

        var first = await BeatAsync(Broken("c-1"), Whole("c-2"));
        var again = await BeatAsync(Broken("c-1"), Whole("c-2"));

        Assert.That(Told(first), Is.EqualTo(new[] { "Camera c-1 (video): the agent claims met for 7 d; by this server's policy it is breached for 15 d." }));
        Assert.That((first.Judged, Told(again)), Is.EqualTo((ServerJudgement.Agrees, Array.Empty<string>())));
        Assert.That((All, Open), Is.EqualTo((1, 1)));
        await BeatAsync(Whole("c-1"), Whole("c-2"));
        Assert.That((All, Open), Is.EqualTo((1, 0)));
        Assert.That(Told(await BeatAsync(Broken("c-1"), Broken("c-2"))), Has.Length.EqualTo(2), "it may begin anew");
        Assert.That((All, Open), Is.EqualTo((3, 2)));
    }

    [Test]
    public async Task By_the_agents_own_policy_nothing_is_worse_unless_the_claim_does_not_follow()
    {
        await StartAsync(policy: null);
        Assert.That(Told(await BeatAsync(Broken("c-1"))), Is.Empty);
        var claimed = TestHeartbeats.Of(Broken("c-1", days: 15)).WithClaim(t => t with { Verdict = Verdict.Met, Continuity = Verdict.Met, Reasons = [] });

        var receipt = await _server.Receipted(_ledger, _ledger.HeartbeatOf(System.Text.Encoding.UTF8.GetString(HeartbeatCodec.Encode(claimed with { After = _ledger.LastHeartbeat }))));

        Assert.That(Told(receipt).Single(), Does.Contain("claims met for 15 d; by this server's policy it is breached for 15 d"));
        Assert.That(receipt.Findings.Select(finding => finding.Code), Does.Contain("VerdictDiffers"));
    }

    [Test]
    public async Task What_came_late_says_nothing_of_now()
    {
        await StartAsync(Strict);
        var old = new TestLedger { Now = TestHeartbeats.AsOf };
        var late = old.Heartbeat(between: 0, cameras: [Broken("c-1")]);
        var behind = old.Heartbeat(between: 0, cameras: [Broken("c-1")]);
        await _server.Receipted(old, old.Heartbeat(between: 0, cameras: [Whole("c-1")]));
        Assert.That(Told(await _server.Receipted(old, late)), Is.Empty, "a newer heartbeat of the same ledger is known");

        _ledger = new TestLedger(epoch: Guid.NewGuid()) { Now = TestHeartbeats.AsOf };
        await BeatAsync(Whole("c-1"));
        Assert.That(Told(await _server.Receipted(old, behind)), Is.Empty);
        Assert.That(Told(await _server.Receipted(old, old.Heartbeat(between: 0, cameras: [Broken("c-1")]))), Is.Empty, "the agent has a newer ledger");
        Assert.That(All, Is.Zero);
        await BeatAsync(Broken("c-1"));
        await _server.Receipted(old, old.Heartbeat(between: 0, cameras: [Whole("c-1")]));
        Assert.That(Open, Is.EqualTo(1), "nor does it close anything");
    }

    [Test]
    public async Task A_camera_is_missed_across_a_heartbeat_that_cannot_be_read()
    {
        await StartAsync(policy: null);
        await BeatAsync(Whole("c-1"), Whole("c-2"));
        await _server.Receipted(_ledger, _ledger.HeartbeatOf($$"""{"after":{{_ledger.LastHeartbeat}}}"""));

        var without = await BeatAsync(Whole("c-1"));

        Assert.That(without.Findings.Where(finding => finding.Code == "CameraMissing").Select(finding => finding.Message).Single(), Does.Contain("c-2 (video)"));
        await _server.Receipted(_ledger, _ledger.HeartbeatOf($$"""{"after":{{_ledger.LastHeartbeat}}}"""));
        _ledger = new TestLedger(epoch: Guid.NewGuid()) { Now = TestHeartbeats.AsOf };
        Assert.That((await BeatAsync(Whole("c-3"))).Findings.Where(finding => finding.Code == "CameraMissing").Select(finding => finding.Message).Single(), Does.Contain("c-1 (video)"));
    }

    async Task StartAsync(string? policy)
    {
        _server = await RunningServer.Start(database, policy: policy);
        _server.Time.SetUtcNow(TestHeartbeats.AsOf.AddSeconds(30));
        _ledger = new TestLedger { Now = TestHeartbeats.AsOf };
    }

    Task<Receipt> BeatAsync(params CameraStatement[] cameras) => _server.Receipted(_ledger, _ledger.Heartbeat(between: 0, cameras: cameras));

    static string[] Told(Receipt receipt) => [.. receipt.Findings.Where(finding => finding.Code == "OwnVerdictWorse").Select(finding => finding.Message)];

    // Its hole lies beyond seven days and within fifteen.
    static CameraStatement Broken(string code, int days = 7) => Camera(code, days, (10 * 86400, 9 * 86400));

    static CameraStatement Whole(string code) => Camera(code, 7);

    static CameraStatement Camera(string code, int days, params (double From, double To)[] gaps) => CameraStatement.From(
        TestHeartbeats.Label(code), TestHeartbeats.Evidence(gaps), new RetentionPolicy { RequiredDays = days }, TestHeartbeats.Shanghai, TestHeartbeats.AsOf);

    long All => _server.Query<long>("SELECT count(*) FROM findings WHERE code = 'OwnVerdictWorse'");

    long Open => _server.Query<long>("SELECT count(*) FROM findings WHERE code = 'OwnVerdictWorse' AND closed IS NULL");
}

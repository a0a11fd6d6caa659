using System.Text;
using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;
using Agent.Tests.Evidence.Chain;
using Agent.Tests.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

/// <summary>What the audit server thinks of a heartbeat's verdicts. Whatever it is, the heartbeat is stored and receipted.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class JudgingTests(TestDatabase database)
{
    [Test]
    public async Task Verdicts_that_follow_from_the_evidence_agree_and_the_fleet_shows_them_by_code()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = At(TestHeartbeats.AsOf, server);

        var receipt = await server.Receipted(ledger, ledger.Heartbeat(cameras: [TestHeartbeats.Camera("c-1"), Broken("c-2")]));

        Assert.That((receipt.Judged, receipt.Findings.Length), Is.EqualTo((ServerJudgement.Agrees, 0)));
        var cameras = (await server.Json("/v1/sites")).GetProperty("sites")[0].GetProperty("heartbeat").GetProperty("cameras");
        Assert.That(
            cameras.EnumerateArray().Select(c => (c.GetProperty("camera").GetString(), c.GetProperty("thresholds")[1].GetProperty("verdict").GetString())),
            Is.EqualTo(new[] { ("c-1", "met"), ("c-2", "breached") }));
    }

    [Test]
    public async Task A_verdict_that_does_not_follow_is_a_finding_for_each_camera()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = At(TestHeartbeats.AsOf, server);
        var heartbeat = TestHeartbeats.Of(Broken("c-1"), TestHeartbeats.Camera("c-2"), Broken("c-3"))
            .WithClaim(t => t with { Verdict = Verdict.Met, Continuity = Verdict.Met, Reasons = [] });

        var receipt = await server.Receipted(ledger, ledger.HeartbeatOf(Text(heartbeat with { After = 0 })));

        Assert.That(receipt.Judged, Is.EqualTo(ServerJudgement.Differs));
        var differing = receipt.Findings.Where(f => f.Code == "VerdictDiffers").ToList();
        Assert.That(differing, Has.Count.EqualTo(2));
        Assert.That(differing[1].Message, Does.StartWith("c-3, 7 d: verdict met, recomputed breached; ").And.Contain("more figures"));
        Assert.That(server.Query<long>("SELECT count(*) FROM findings WHERE code = 'VerdictDiffers'"), Is.EqualTo(2));
    }

    [Test]
    public async Task However_many_cameras_differ_the_receipt_can_be_read()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = At(TestHeartbeats.AsOf, server);
        var heartbeat = TestHeartbeats.Of([.. Enumerable.Range(1, 400).Select(i => TestHeartbeats.Camera($"c-{i}"))]).WithClaim(t => t with { Verdict = Verdict.Breached });

        var receipt = await server.Receipted(ledger, ledger.HeartbeatOf(Text(heartbeat with { After = 0 })));

        Assert.That(receipt.Findings, Has.Length.EqualTo(101));
        Assert.That(receipt.Findings[^1].Message, Is.EqualTo("The same holds for 300 more cameras."));
    }

    [Test]
    public async Task A_body_nobody_can_read_is_receipted_with_a_finding()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();

        var receipt = await server.Receipted(ledger, ledger.HeartbeatOf("""{"after":0,"cameras":7}"""));

        Assert.That((receipt.Judged, receipt.Findings.Single().Code), Is.EqualTo((ServerJudgement.NotJudged, "UnreadableBody")));
        Assert.That(receipt.Findings[0].Message, Does.Contain("site"));
    }

    [Test]
    public async Task What_cannot_be_judged_says_why()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = At(TestHeartbeats.AsOf, server);
        var heartbeat = TestHeartbeats.Of(TestHeartbeats.Camera()) with { After = 0, TimeZone = "Asia/Nowhere", Site = "HZ-0002" };

        var receipt = await server.Receipted(ledger, ledger.HeartbeatOf(Text(heartbeat)));

        Assert.That(receipt.Judged, Is.EqualTo(ServerJudgement.NotJudged));
        Assert.That(receipt.Findings.Select(f => f.Code), Is.EqualTo(new[] { "SiteDiffers", "NotJudged" }));
        Assert.That(receipt.Findings[1].Message, Does.Contain("Asia/Nowhere"));
    }

    static TestLedger At(DateTimeOffset now, RunningServer server)
    {
        server.Time.SetUtcNow(now.AddSeconds(30));
        return new TestLedger { Now = now };
    }

    static CameraStatement Broken(string code) => TestHeartbeats.Camera(code, gaps: (5 * 86400, 4.5 * 86400));

    static string Text(Heartbeat heartbeat) => Encoding.UTF8.GetString(HeartbeatCodec.Encode(heartbeat));
}

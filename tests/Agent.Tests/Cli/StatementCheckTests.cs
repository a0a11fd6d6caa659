using System.Security.Cryptography;
using System.Text;
using Agent.Cli;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;
using Agent.Tests.Evidence;
using Agent.Tests.Evidence.Chain;
using Agent.Tests.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.Cli;

/// <summary>What <c>verify</c> says of one statement, and whether it holds.</summary>
sealed class StatementCheckTests : IDisposable
{
    readonly StringWriter _said = new();
    readonly ECDsa _agent = TestKeys.Agent();
    readonly ECDsa _server = TestKeys.Server();

    string Said => _said.ToString();

    public void Dispose()
    {
        _said.Dispose();
        _agent.Dispose();
        _server.Dispose();
    }

    [Test]
    public async Task A_heartbeat_that_holds_is_told_with_its_place_its_cameras_and_their_reasons()
    {
        var camera = TestHeartbeats.Camera("c-1", gaps: (9 * 86400, (9 * 86400) - 2400));
        var ledger = new TestLedger { Now = TestHeartbeats.AsOf };
        var request = ledger.Heartbeat(between: 1, cameras: camera);

        Assert.That((await Check()).RequestHolds(request.Encode()), Is.True);
        Assert.That(Said, Does.StartWith("The heartbeat holds: signature, chain, and judging its evidence again gives the same verdicts.")
            .And.Contain("  signed by   agent HZ-0001-a of site HZ-0001, key DOvxvJiAdIqVWIkFt5hDtCunXLF0BV4-JGv4f-ALSm0 of ")
            .And.Contain("  written     2026-11-23T11:05:02.000Z")
            .And.Contain($"  covers      seq 1 to 2 of epoch {ledger.Epoch}, with 1 entry before it, none missing or changed")
            .And.Contain($"  head        {EntryCodec.Hash(ledger.Entries[1].Span)}")
            .And.Contain("  receipt     the agent held none yet")
            .And.Contain("  about       2026-11-23T11:05:00.000Z")
            .And.Contain("  c-1: Hangzhou Art. 19, 7 d: met; Hangzhou Art. 19, 15 d: interrupted (ContinuityBroken); Order 799 Art. 17, 30 d: interrupted (ContinuityBroken)")
            .And.Contain("1 camera, days counted in Asia/Shanghai. A technical measurement, not a finding of violation."));
    }

    [Test]
    public async Task A_number_of_days_no_law_names_and_several_cameras_are_told_too()
    {
        CameraStatement Camera(string code) => CameraStatement.From(
            TestHeartbeats.Label(code), TestHeartbeats.Evidence(), new RetentionPolicy { RequiredDays = 20 }, TestHeartbeats.Shanghai, TestHeartbeats.AsOf);

        Assert.That((await Check()).RequestHolds(new TestLedger { Now = TestHeartbeats.AsOf }.Heartbeat(2, "0.1.0", Camera("c-1"), Camera("c-2")).Encode()), Is.True);
        Assert.That(Said, Does.Contain("; 20 d: met; ").And.Contain("2 cameras, days counted").And.Contain("with 2 entries before it"));
    }

    [Test]
    public async Task A_heartbeat_whose_verdicts_do_not_follow_does_not_hold_and_every_difference_is_told()
    {
        var camera = TestHeartbeats.Camera("c-1");
        var changed = camera with { Claimed = camera.Claimed with { Thresholds = [.. camera.Claimed.Thresholds.Select(t => t.Days == 15 ? t with { Verdict = Verdict.Breached } : t)] } };

        Assert.That((await Check()).RequestHolds(new TestLedger { Now = TestHeartbeats.AsOf }.Heartbeat(cameras: changed).Encode()), Is.False);
        Assert.That(Said, Does.StartWith("The heartbeat DOES NOT HOLD: it is signed, but judging its evidence again gives something else.")
            .And.Contain("  differs: c-1, 15 d: verdict breached, recomputed met"));
    }

    [Test]
    public async Task A_heartbeat_that_cannot_be_judged_again_does_not_hold()
    {
        var late = new TestLedger { Now = TestHeartbeats.AsOf.AddHours(2) }.Heartbeat(cameras: TestHeartbeats.Camera("c-1"));

        Assert.That((await Check()).RequestHolds(late.Encode()), Is.False);
        Assert.That(Said, Does.StartWith("The heartbeat is signed, but its evidence could not be judged again: It was judged as of 2026-11-23T11:05:00Z"));
    }

    [Test]
    public async Task A_tick_holds_and_tells_what_waits()
    {
        var ledger = new TestLedger();
        ledger.Append(EntryTypes.Tick, Encoding.UTF8.GetString(TickCodec.Encode(new Tick { After = 0, Site = "HZ-0001", Receipt = new string('a', 64), Pending = 1, SetAside = 2 })));
        var jws = Jws.Sign(ledger.Entries[0].Span, StatementTypes.Tick, _agent);

        Assert.That((await Check()).RequestHolds(new HeartbeatRequest(jws, []).Encode()), Is.True);
        Assert.That((await Check()).JwsHolds(jws), Is.True);
        Assert.That(Said, Does.StartWith("The tick holds: signature and chain. It carries no evidence.")
            .And.Contain("with 0 entries before it").And.Contain("without the entries before it, which were not looked at")
            .And.Contain($"  receipt     the last one the agent held has hash {new string('a', 64)}")
            .And.Contain("  outbox      1 statement waited for a receipt, 2 refused for good"));
    }

    [TestCase("{}", "The heartbeat request DOES NOT HOLD (Malformed): ")]
    [TestCase("""{"jws":"x","entries":[]}""", "The heartbeat DOES NOT HOLD (Malformed): ")]
    public async Task What_is_no_request_does_not_hold(string json, string said)
    {
        Assert.That((await Check()).RequestHolds(Encoding.UTF8.GetBytes(json)), Is.False);
        Assert.That(Said, Does.StartWith(said));
    }

    [TestCase(EntryTypes.Heartbeat, "The heartbeat DOES NOT HOLD (Malformed): Its signature holds, but it cannot be read. Heartbeat body")]
    [TestCase(EntryTypes.Tick, "The tick DOES NOT HOLD (Malformed): Its signature holds, but it cannot be read. Tick body")]
    public async Task A_signed_body_that_cannot_be_read_does_not_hold(string type, string said)
    {
        var entry = new TestLedger().Append(type, """{"after":0}""").Entries[0];
        var jws = Jws.Sign(entry.Span, type == EntryTypes.Tick ? StatementTypes.Tick : StatementTypes.Heartbeat, _agent);

        Assert.That((await Check()).RequestHolds(new HeartbeatRequest(jws, []).Encode()), Is.False);
        Assert.That(Said, Does.StartWith(said));
    }

    [TestCase("HZ-0002", "HZ-0001-a")]
    [TestCase("HZ-0001", "HZ-0002-a")]
    public async Task A_key_pinned_for_one_site_and_agent_does_not_speak_for_another(string site, string agent)
    {
        var check = new StatementCheck(_said, await CheckKeys.PinnedAsync(site, agent));

        Assert.That(check.RequestHolds(new TestLedger { Now = TestHeartbeats.AsOf }.Heartbeat(cameras: TestHeartbeats.Camera()).Encode()), Is.False);
        Assert.That(check.RequestHolds(new TestLedger().Tick().Encode()), Is.False);
        Assert.That(Said, Does.Contain($"The heartbeat DOES NOT HOLD (UnknownKey): Its key is pinned for agent {agent} of site {site}, and it speaks for agent HZ-0001-a of site HZ-0001.")
            .And.Contain($"The tick DOES NOT HOLD (UnknownKey): Its key is pinned for agent {agent} of site {site}, and"));
    }

    [Test]
    public async Task A_key_speaks_for_whom_it_is_pinned()
    {
        var check = new StatementCheck(_said, await CheckKeys.PinnedAsync());

        Assert.That(check.RequestHolds(new TestLedger { Now = TestHeartbeats.AsOf }.Heartbeat(cameras: TestHeartbeats.Camera()).Encode()), Is.True, Said);
        Assert.That(check.RequestHolds(new TestLedger().Tick().Encode()), Is.True);
    }

    [Test]
    public async Task A_heartbeat_alone_holds_without_what_came_before_it()
    {
        var request = new TestLedger { Now = TestHeartbeats.AsOf }.Heartbeat(between: 3, cameras: TestHeartbeats.Camera());

        Assert.That((await Check()).JwsHolds(request.Jws), Is.True);
        Assert.That(Said, Does.Contain("seq 1 to 4 of epoch").And.Contain("without the entries before it, which were not looked at"));
    }

    [Test]
    public async Task What_was_signed_as_something_else_does_not_hold()
    {
        var tick = new TestLedger().Append(EntryTypes.Tick).Entries[0];
        var check = await Check();

        Assert.That(check.JwsHolds(Jws.Sign(tick.Span, StatementTypes.Heartbeat, _agent)), Is.False);
        Assert.That(check.JwsHolds(Jws.Sign("{}"u8, StatementTypes.Heartbeat, _agent)), Is.False);
        Assert.That(check.JwsHolds(Jws.Sign("{}"u8, StatementTypes.Attestation, _agent)), Is.False);
        Assert.That(check.JwsHolds("x"), Is.False);
        Assert.That(Lines[0], Is.EqualTo("The heartbeat DOES NOT HOLD (Malformed): What was signed is an entry of type tick."));
        Assert.That(Lines[1], Is.EqualTo("The heartbeat DOES NOT HOLD (Malformed): Ledger entry: \"v\" is missing."));
        Assert.That(Lines[2], Does.StartWith("The statement DOES NOT HOLD (WrongType): "));
        Assert.That(Lines[3], Does.StartWith("The statement DOES NOT HOLD (Malformed): "));
    }

    [TestCase(ServerJudgement.Agrees, "the server judged the evidence again and came to the same")]
    [TestCase(ServerJudgement.Differs, "the server judged the evidence again and came to SOMETHING ELSE")]
    [TestCase(ServerJudgement.NotJudged, "the server did not judge the evidence again")]
    public async Task A_receipt_is_told_with_what_the_server_thought(ServerJudgement judged, string words)
    {
        var receipt = ReceiptCodecTests.Receipt() with { Judged = judged, LateSeconds = 7, Findings = [new ReceiptFinding("Late", "7 s"), new ReceiptFinding("Odd\u001b[2J", "x")] };

        Assert.That((await Check()).JwsHolds(Jws.Sign(ReceiptCodec.Encode(receipt), StatementTypes.Receipt, _server)), Is.True);
        Assert.That(Said, Does.StartWith("The receipt holds: its signature fits. What it is a receipt for was not laid beside it.")
            .And.Contain("  signed by   audit.test, key ").And.Contain("  received    2026-11-23T10:00:00.123Z, 7 s after it was made")
            .And.Contain($"  for         seq 6 of epoch {receipt.Epoch}, agent HZ-0001-a of site HZ-0001").And.Contain($"  head        {receipt.Entry}")
            .And.Contain($"  judged      {words}").And.Contain("  Late: 7 s").And.Not.Contain("\u001b"));
    }

    [Test]
    public async Task What_is_no_receipt_does_not_hold()
    {
        var check = await Check();

        Assert.That(check.ReceiptHolds(Jws.Sign("{}"u8, StatementTypes.Receipt, _server)), Is.False);
        Assert.That(check.ReceiptHolds(Jws.Sign("{}"u8, StatementTypes.Heartbeat, _server)), Is.False);
        Assert.That(Lines[0], Is.EqualTo("The receipt DOES NOT HOLD (Malformed): Receipt: \"v\" is missing."));
        Assert.That(Lines[1], Does.StartWith("The receipt DOES NOT HOLD (WrongType): "));
    }

    string[] Lines => Said.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    async Task<StatementCheck> Check() => new(_said, await CheckKeys.BothAsync());
}

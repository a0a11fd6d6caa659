using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence;
using Agent.Tests.Evidence.Chain;
using Agent.Tests.Evidence.Statements;
using AuditServer.Enrolments;
using AuditServer.Silence;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;
namespace Agent.Tests.AuditServer;

/// <summary>Codes as an officer issues them, and agents that are taken in with them, or are not.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class EnrolmentTests(TestDatabase database) : IDisposable
{
    readonly ECDsa _other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Test]
    public async Task An_agent_that_proves_the_code_is_pinned_and_learns_the_servers_keys()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var ledger = new TestLedger();
        Assert.That((await server.Post(ledger.Heartbeat())).Code, Is.EqualTo("UnknownKey"));
        var code = Issue(server);

        var (status, text) = await Enrol(server, TestEnrolments.Of(code: code), code);

        Assert.That(status, Is.EqualTo(200), text);
        var answer = EnrolmentAnswerCodec.Verify(Encoding.UTF8.GetBytes(text), code.ProofKey())!;
        var published = JwkSet.Parse(await server.Client.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative)));
        Assert.That(answer.Keys, Is.EqualTo(published.Keys));
        Assert.That(answer.Encryption, Is.EqualTo(published.Encryption));
        Assert.That((answer.Server, answer.Site, answer.Agent), Is.EqualTo(("audit.test", "HZ-0001", "HZ-0001-a")));
        await server.Receipted(ledger, ledger.Heartbeat());
        Assert.That(RunOffice(server, "list-codes"), Does.Contain(code.Id).And.Contain("by HZ-0001-a"));
        Assert.That((await server.Json("/v1/sites")).GetProperty("sites")[0].GetProperty("agent").GetString(), Is.EqualTo("HZ-0001-a"));
    }

    [Test]
    public async Task Whoever_is_enrolled_and_never_speaks_is_missed()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var code = Issue(server);
        await Enrol(server, TestEnrolments.Of(code: code), code);
        Assert.That((await server.Json("/v1/sites/HZ-0001")).GetProperty("statements").GetArrayLength(), Is.Zero, "known, and silent");

        server.Time.Advance(TimeSpan.FromHours(1));
        await server.Service<IEnumerable<IHostedService>>().OfType<SilenceWatch>().Single().LookNowAsync(CancellationToken.None);

        Assert.That((await server.Json("/v1/sites/HZ-0001")).GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString()), Is.EqualTo(new[] { "MissingHeartbeat" }));
        var ledger = new TestLedger { Now = server.Time.GetUtcNow() };
        await server.Receipted(ledger, ledger.Heartbeat());
        Assert.That(server.Query<long>("SELECT count(*) FROM findings WHERE code = 'MissingHeartbeat' AND closed IS NULL"), Is.Zero);
    }

    [Test]
    public async Task What_the_server_keeps_is_not_the_code()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var code = Issue(server);
        await Enrol(server, TestEnrolments.Of(code: code), code);

        var kept = server.Query<byte[]>("SELECT proof_key FROM enrolment_codes");

        Assert.That(kept, Is.EqualTo(code.ProofKey()));
        Assert.That(server.Query<string>("SELECT code FROM enrolment_codes"), Is.EqualTo(code.Id));
        Assert.That(server.Query<string>("SELECT jws FROM enrolments") + server.Query<string>("SELECT answer FROM enrolments"), Does.Not.Contain(code.Reveal()[7..12]));
    }

    [Test]
    public async Task A_lost_answer_is_given_again_and_a_second_agent_is_refused_and_shown()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var code = Issue(server);
        var first = await Enrol(server, TestEnrolments.Of(code: code), code);
        server.Time.Advance(TimeSpan.FromHours(1));

        var again = await Enrol(server, TestEnrolments.Of(code: code) with { Seq = 7 }, code);
        var stolen = await Enrol(server, TestEnrolments.Of(_other, code) with { Agent = "HZ-0001-b" }, code, _other);

        Assert.That(again, Is.EqualTo(first));
        Assert.That((stolen.Status, CodeOf(stolen.Text)), Is.EqualTo((409, "CodeUsed")));
        Assert.That(server.Query<long>("SELECT count(*) FROM enrolments"), Is.EqualTo(1));
        var finding = server.Query<string>("SELECT message FROM findings WHERE code = 'CodeReused'");
        Assert.That(finding, Does.Contain(code.Id).And.Contain("HZ-0001-a").And.Contain("2026-11-23T11:01:00.000Z"));

        server.Time.Advance(TimeSpan.FromDays(31));
        Assert.That(CodeOf((await Enrol(server, TestEnrolments.Of(code: code), code)).Text), Is.EqualTo("CodeExpired"));
    }

    [Test]
    public async Task Every_reason_has_a_refusal_of_its_own_and_spends_nothing()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var (code, old) = (Issue(server), Issue(server, days: 1));
        server.Time.Advance(TimeSpan.FromDays(2));

        Assert.That(await Refused(TestEnrolments.Of(), TestEnrolments.Code), Is.EqualTo((403, "UnknownCode")));
        Assert.That(await Refused(TestEnrolments.Of(code: old), old), Is.EqualTo((410, "CodeExpired")));
        Assert.That(await Refused(TestEnrolments.Of(code: code) with { Site = "HZ-0002" }, code), Is.EqualTo((403, "WrongSite")));
        Assert.That(await Refused(TestEnrolments.Of(code: code), TestEnrolments.Code), Is.EqualTo((403, "WrongProof")));
        Assert.That(CodeOf((await Post(server, "{}"u8.ToArray())).Text), Is.EqualTo("Malformed"));
        Assert.That(server.Query<long>("SELECT count(*) FROM enrolments"), Is.Zero);
        Assert.That((await Enrol(server, TestEnrolments.Of(code: code), code)).Status, Is.EqualTo(200));

        async Task<(int, string?)> Refused(Enrolment enrolment, EnrolmentCode with)
        {
            var (status, text) = await Enrol(server, enrolment, with);
            return (status, CodeOf(text));
        }
    }

    [Test]
    public async Task After_ten_wrong_proofs_a_code_is_void_for_the_right_one_too()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var code = Issue(server);
        for (var i = 0; i < IssuedCode.MostWrong; i++)
            Assert.That(CodeOf((await Enrol(server, TestEnrolments.Of(code: code), TestEnrolments.Code)).Text), Is.EqualTo("WrongProof"));

        var right = await Enrol(server, TestEnrolments.Of(code: code), code);

        Assert.That((right.Status, CodeOf(right.Text)), Is.EqualTo((410, "CodeVoid")));
        Assert.That(RunOffice(server, "list-codes"), Does.Contain("void"));
    }

    [Test]
    public async Task One_code_enrols_one_agent_however_many_ask_at_once()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var code = Issue(server);
        var keys = Enumerable.Range(0, 8).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256)).ToList();

        var answers = await Task.WhenAll(keys.Select((key, i) => Enrol(server, TestEnrolments.Of(key, code) with { Agent = $"a-{i}" }, code, key)));
        keys.ForEach(key => key.Dispose());

        Assert.That(answers.Select(answer => answer.Status), Has.Exactly(1).EqualTo(200).And.Exactly(7).EqualTo(409));
        Assert.That(server.Query<long>("SELECT count(*) FROM findings WHERE code = 'CodeReused'"), Is.EqualTo(7));
    }

    [Test]
    public async Task A_revoked_agent_is_refused_by_name_and_comes_back_with_another_key_and_a_fresh_code()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var first = Issue(server);
        await Enrol(server, TestEnrolments.Of(code: first), first);
        var ledger = new TestLedger();
        await server.Receipted(ledger, ledger.Heartbeat());

        Assert.That(RunOffice(server, "revoke", "--agent", "HZ-0001-a"), Does.Contain("is revoked"));
        server.Time.Advance(TimeSpan.FromSeconds(1));

        var refused = ledger.Heartbeat();
        Assert.That((await server.Post(refused)).Code, Is.EqualTo("RevokedKey"));
        Assert.That((await server.Json("/v1/sites")).GetProperty("sites")[0].GetProperty("revoked").GetBoolean(), Is.True);
        var fresh = Issue(server);
        Assert.That(CodeOf((await Enrol(server, TestEnrolments.Of(code: fresh), fresh)).Text), Is.EqualTo("RevokedKey"));

        ledger.Rotate(_other);
        Assert.That((await Enrol(server, TestEnrolments.Of(_other, fresh) with { Seq = ledger.Entries.Count }, fresh, _other)).Status, Is.EqualTo(200));
        var next = await server.Receipted(ledger, ledger.Heartbeat());

        Assert.That(next.Findings.Select(finding => finding.Code), Is.EqualTo(new[] { "MissingPredecessor" }), "what only the revoked key stands for is missing");
        Assert.That((await server.Post(refused)).Code, Is.EqualTo("RevokedKey"));
        Assert.That((await server.Json("/v1/sites")).GetProperty("sites")[0].GetProperty("revoked").GetBoolean(), Is.False);
    }

    [Test]
    public async Task Enrolled_anew_the_old_key_counts_up_to_then_and_the_history_stays()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        await server.Receipted(ledger, ledger.Heartbeat());
        var late = ledger.Heartbeat();
        var code = Issue(server);

        Assert.That((await Enrol(server, TestEnrolments.Of(_other, code) with { Seq = ledger.Entries.Count }, code, _other)).Status, Is.EqualTo(200));

        await server.Receipted(ledger, late);
        var after = ledger.Heartbeat();
        Assert.That((await server.Post(after)).Code, Is.EqualTo("StaleKey"));
        Assert.That((await server.Post(new TestLedger(epoch: Guid.NewGuid()).Heartbeat())).Code, Is.EqualTo("StaleKey"), "nor may it begin another ledger");
        using var agent = TestKeys.Agent();
        var back = Issue(server);
        Assert.That(CodeOf((await Enrol(server, TestEnrolments.Of(code: back), back)).Text), Is.EqualTo("StaleKey"));
        ledger.Signer = () => ECDsa.Create(_other.ExportParameters(includePrivateParameters: true));
        Assert.That((await server.Receipted(ledger, ledger.Heartbeat())).Seq, Is.EqualTo(ledger.Entries.Count));
        Assert.That(server.Query<long>("SELECT count(*) FROM statements"), Is.EqualTo(3));
    }

    [Test]
    public async Task A_code_takes_no_agent_and_no_key_away_from_another_site()
    {
        await using var server = await RunningServer.Start(database);
        var code = Issue(server, site: "HZ-0002");

        Assert.That(CodeOf((await Enrol(server, TestEnrolments.Of(_other, code) with { Site = "HZ-0002" }, code, _other)).Text), Is.EqualTo("AgentElsewhere"));
        Assert.That(CodeOf((await Enrol(server, TestEnrolments.Of(code: code) with { Site = "HZ-0002", Agent = "HZ-0002-a" }, code)).Text), Is.EqualTo("AgentElsewhere"));
        Assert.That((await Enrol(server, TestEnrolments.Of(_other, code) with { Site = "HZ-0002", Agent = "HZ-0002-a" }, code, _other)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Other_recorders_are_a_finding_at_enrolment_and_once_in_heartbeats()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var (first, second) = (Issue(server), Issue(server));
        await Enrol(server, TestEnrolments.Of(code: first), first);
        Assert.That(server.Query<long>("SELECT count(*) FROM findings"), Is.Zero);

        await Enrol(server, TestEnrolments.Of(code: second) with { Recorders = [new EnrolledRecorder("r-5f60718293", "s-ff"), new EnrolledRecorder("r-3", "s-3")] }, second);

        Assert.That(server.Query<string>("SELECT message FROM findings WHERE code = 'RecorderChanged'"),
            Does.Contain("recorder r-3 is new").And.Contain("recorder r-0000000002 is gone").And.Contain("recorder r-5f60718293 has another storage"));

        var ledger = new TestLedger();
        var known = TestHeartbeats.Camera();
        Assert.That(await Codes(known), Does.Not.Contain("RecorderChanged"));
        var strange = known with { Label = known.Label with { Recorders = ["r-9"] } };
        Assert.That(await Codes(strange), Does.Contain("RecorderChanged"));
        Assert.That(await Codes(strange), Does.Not.Contain("RecorderChanged"));

        async Task<IEnumerable<string>> Codes(CameraStatement camera) =>
            (await server.Receipted(ledger, ledger.Heartbeat(cameras: camera))).Findings.Select(finding => finding.Code);
    }

    [Test]
    public async Task Enrolment_survives_a_restart_and_its_rows_are_never_changed()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var code = Issue(server);
        var first = await Enrol(server, TestEnrolments.Of(code: code), code);

        await server.Restart();

        Assert.That(await Enrol(server, TestEnrolments.Of(code: code), code), Is.EqualTo(first));
        var ledger = new TestLedger();
        await server.Receipted(ledger, ledger.Heartbeat());
        Assert.That(() => server.Run("UPDATE enrolments SET kid = 'x'"), Throws.Exception);
        Assert.That(() => server.Run("DELETE FROM enrolments"), Throws.Exception);
    }

    [TestCase("issue-code", "--days", "3")]
    [TestCase("issue-code", "--site", "HZ-0001", "--days", "0")]
    [TestCase("issue-code", "--site", "HZ-0001", "--days", "31")]
    [TestCase("issue-code", "--site", "HZ 1")]
    [TestCase("issue-code", "--site", "HZ-0001", "--site", "HZ-0002")]
    [TestCase("list-codes", "--site", "HZ-0001")]
    [TestCase("revoke")]
    [TestCase("revoke", "--agent")]
    [TestCase("revoke", "--agent", "a", "--kid", "b")]
    [TestCase("revoke", "--agent", "a", "--what", "b")]
    public async Task A_command_that_says_too_little_or_too_much_does_nothing(params string[] arguments)
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);

        Assert.That(OfficeCommand.Run([.. arguments, .. server.Where], server.Time, TextWriter.Null, errors), Is.EqualTo(64));

        Assert.That(errors.ToString(), Does.Contain("issue-code --data DIR --site SITE"));
        Assert.That(server.Query<long>("SELECT count(*) FROM enrolment_codes"), Is.Zero);
    }

    [Test]
    public async Task Whom_nobody_knows_cannot_be_revoked()
    {
        await using var server = await RunningServer.Start(database);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);

        Assert.That(OfficeCommand.Run(["revoke", "--agent", "HZ-0009-a", .. server.Where], server.Time, TextWriter.Null, errors), Is.EqualTo(1));
        Assert.That(errors.ToString(), Does.Contain("No agent HZ-0009-a is known"));

        Assert.That(RunOffice(server, "revoke", "--kid", TestEnrolments.Of().Key.Thumbprint), Does.Contain("is revoked"), "a key pinned by hand can be");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await server.Post(new TestLedger().Heartbeat())).Code, Is.EqualTo("RevokedKey"));
    }

    public void Dispose() => _other.Dispose();

    static EnrolmentCode Issue(RunningServer server, string site = "HZ-0001", int days = 30) => EnrolmentCode.Parse(
        RunOffice(server, "issue-code", "--site", site, "--days", days.ToString(CultureInfo.InvariantCulture)).Split('\n')[0].Trim());

    static string RunOffice(RunningServer server, params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        Assert.That(OfficeCommand.Run([.. arguments, .. server.Where], server.Time, output, errors), Is.Zero, errors.ToString());
        return output.ToString();
    }

    static Task<(int Status, string Text)> Enrol(RunningServer server, Enrolment enrolment, EnrolmentCode code, ECDsa? key = null) =>
        Post(server, TestEnrolments.Post(enrolment, code, key));

    static async Task<(int Status, string Text)> Post(RunningServer server, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await server.Client.PostAsync(new Uri("/v1/enrolments", UriKind.Relative), content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    static string? CodeOf(string problem) => JsonElement.Parse(problem).TryGetProperty("code", out var code) ? code.GetString() : null;
}

using System.Buffers.Text;
using System.Text;
using Agent.Auditing;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Tests.Evidence.Chain;
using Agent.Tests.Evidence.Statements;
using AuditServer.Challenging;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

/// <summary>When the server asks for bytes, and what it makes of the answers. The agent's own code seals; the server's opens.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class ChallengingTests(TestDatabase database)
{
    const string Camera = "c-0a1b2c3d4e";

    static readonly TimeSpan Week = TimeSpan.FromDays(7);
    static readonly string Digest = new('a', 64);

    // Recorded in the ten minutes before the ledger began.
    static readonly TimeRange Recorded = new(TestLedger.Start.AddMinutes(-10), TestLedger.Start);

    static readonly TimeRange Future = new(TestLedger.Start.AddDays(100), TestLedger.Start.AddDays(100).AddMinutes(10));

    const string Asked = "SELECT count(*) FROM asks WHERE json LIKE '{\"ask\":\"challenge\"%'";

    readonly TestLedger _ledger = new();

    [TestCase(ChallengeResult.Answered, true, "passed", null)]
    [TestCase(ChallengeResult.Answered, false, "failed", "ChallengeFailed")]
    [TestCase(ChallengeResult.NotFound, false, "missing", "ChallengeNotFound")]
    [TestCase(ChallengeResult.Unverifiable, false, "unverifiable", "ChallengeUnverifiable")]
    public async Task Footage_is_asked_for_when_it_is_nearly_as_old_as_it_must_become(ChallengeResult result, bool same, string outcome, string? finding)
    {
        await using var server = await RunningServer.Start(database);
        var sample = await CommitAsync(server);
        Later(server, Week - TimeSpan.FromHours(13));
        Assert.That(await AskedAsync(server), Is.Empty);
        Later(server, TimeSpan.FromHours(2));
        Assert.That(server.Query<long>(Asked), Is.EqualTo(1));

        var ask = (await AskedAsync(server)).Single();
        Assert.That((ask.Epoch, ask.Sample), Is.EqualTo((_ledger.Epoch, sample)));
        Assert.That(EntryCodec.Decode(_ledger.Entries[(int)ask.Seq - 1]).Type, Is.EqualTo(EntryTypes.Commitment));
        Later(server, TimeSpan.FromMinutes(5));
        Assert.That(await AskedAsync(server), Is.Empty, "it is asked for once");
        Later(server, TimeSpan.FromHours(2));
        Assert.That(await AskedAsync(server), Is.EqualTo(new[] { ask }), "and once more, because the agent may have fallen over with the question in hand");
        Answer(ask, result, result == ChallengeResult.Answered ? same ? Digest : new string('b', 64) : null);
        var receipt = await server.Receipted(_ledger, _ledger.Tick());

        Assert.That(receipt.Findings.Select(f => f.Code).Where(IsAboutBytes), Is.EqualTo(finding is null ? [] : new[] { finding }));
        var shown = (await server.Json("/v1/sites/HZ-0001")).GetProperty("challenges")[0];
        Assert.That((shown.GetProperty("camera").GetString(), shown.GetProperty("seq").GetInt64(), shown.GetProperty("outcome").GetString()), Is.EqualTo((Camera, ask.Seq, outcome)));
    }

    [Test]
    public async Task Where_fifteen_days_bind_footage_is_asked_for_at_seven_or_at_fifteen()
    {
        await using var server = await RunningServer.Start(database);
        await CommitAsync(server);
        await CommitAsync(server);
        await server.Receipted(_ledger, _ledger.Heartbeat(0, cameras: WithDays(15)));

        Later(server, Week - TimeSpan.FromHours(2));
        Assert.That(server.Query<long>(Asked), Is.EqualTo(1));
        var first = (await AskedAsync(server)).Single();
        Later(server, TimeSpan.FromDays(8));
        Assert.That(server.Query<long>(Asked), Is.EqualTo(2));
        var second = (await AskedAsync(server)).Single();

        Assert.That((first.Seq % 2, second.Seq % 2), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Many_that_are_due_later_do_not_hide_one_that_is_due()
    {
        await using var server = await RunningServer.Start(database);
        await server.Receipted(_ledger, _ledger.Heartbeat(0, cameras: WithDays(15)));
        var sealedSample = Agent.Auditing.CommitmentSeal.Seal(new Commitment(Sample(), Digest), await KeyAsync(server));
        var commitment = Encoding.UTF8.GetString(CommitmentCodec.EncodeBody(Camera, sealedSample));
        for (var i = 0; i < 210; i++)
            _ledger.Append().Append(EntryTypes.Commitment, commitment); // at odd places, so at fifteen days
        _ledger.Append(EntryTypes.Commitment, commitment);
        await server.Receipted(_ledger, _ledger.Heartbeat(0, cameras: WithDays(15)));

        Later(server, Week - TimeSpan.FromHours(13));
        Later(server, TimeSpan.FromHours(2));

        Assert.That(server.Query<long>(Asked), Is.EqualTo(1));
        Assert.That((await AskedAsync(server)).Single().Seq % 2, Is.Zero);
        Assert.That(server.Query<long>("SELECT count(*) FROM commitments WHERE due IS NULL"), Is.Zero, "each is opened once");
    }

    [Test]
    public async Task A_question_without_an_answer_is_a_finding_until_it_is_answered()
    {
        await using var server = await RunningServer.Start(database);
        await CommitAsync(server);
        Later(server, Week - TimeSpan.FromHours(11));
        Assert.That(server.Query<long>(Asked), Is.EqualTo(1));
        var ask = (await AskedAsync(server)).Single();

        Later(server, TimeSpan.FromHours(7));
        Assert.That(await CodesAsync(server), Does.Not.Contain("ChallengeUnanswered"), "an agent that was not heard since may not have the question");
        _ledger.Now = server.Time.GetUtcNow();
        await server.Receipted(_ledger, _ledger.Tick());
        Later(server, TimeSpan.FromMinutes(1));
        Assert.That(server.Query<long>("SELECT count(*) FROM findings WHERE code = 'ChallengeUnanswered' AND closed IS NULL"), Is.EqualTo(1));
        Later(server, TimeSpan.FromMinutes(5));
        Answer(ask, ChallengeResult.Answered, Digest);
        await server.Receipted(_ledger, _ledger.Tick());

        Assert.That(server.Query<long>("SELECT count(*) FROM findings WHERE code = 'ChallengeUnanswered'"), Is.EqualTo(1));
        Assert.That(server.Query<long>("SELECT count(*) FROM findings WHERE code = 'ChallengeUnanswered' AND closed IS NULL"), Is.Zero);
        Assert.That(server.Query<string>("SELECT outcome FROM commitments"), Is.EqualTo("passed"));
    }

    [Test]
    public async Task What_cannot_be_asked_for_is_put_aside([Values("sealed to somebody else", "for another camera", "too old", "from the future", "noise", "a key that is no key")] string how)
    {
        await using var server = await RunningServer.Start(database);
        using var stranger = System.Security.Cryptography.ECDiffieHellman.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        if (how == "noise")
            await DeliverAsync(server, Camera, "e30..AAAA.AAAA.AAAA");
        else if (how == "a key that is no key")
            await DeliverAsync(server, Camera, $"{Base64Url.EncodeToString("""{"alg":"ECDH-ES","enc":"A256GCM","epk":"x"}"""u8)}..AAAA.AAAA.AAAA");
        else if (how == "from the future")
            await DeliverAsync(server, Camera, Agent.Auditing.CommitmentSeal.Seal(new Commitment(SampleChoice.Of(Camera, Future, 1_000_000), Digest), await KeyAsync(server)));
        else
            await DeliverAsync(server, how == "for another camera" ? "c-1111111111" : Camera,
                Agent.Auditing.CommitmentSeal.Seal(new Commitment(Sample(), Digest), how == "sealed to somebody else" ? EncryptionJwk.FromKey(stranger) : await KeyAsync(server)));

        Later(server, how == "too old" ? Week : Week - TimeSpan.FromHours(2));
        Assert.That(server.Query<long>("SELECT count(*) FROM commitments WHERE ask IS NOT NULL"), Is.EqualTo(1));

        Assert.That(server.Query<string>("SELECT outcome FROM commitments"), Is.EqualTo(how == "too old" ? "expired" : "unreadable"));
        Assert.That(await AskedAsync(server), Is.Empty);
        Assert.That((await server.Json("/v1/sites/HZ-0001")).GetProperty("challenges").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Answers_nobody_asked_for_change_nothing()
    {
        await using var server = await RunningServer.Start(database);
        await CommitAsync(server);

        Answer(new ChallengeAsk("c-unasked", _ledger.Epoch, 1, Sample()), ChallengeResult.Answered, Digest);
        _ledger.Append(EntryTypes.Challenge).Append(EntryTypes.Commitment);
        var receipt = await server.Receipted(_ledger, _ledger.Tick());

        Assert.That(receipt.Findings, Is.Empty);
        Assert.That(server.Query<long>("SELECT count(*) FROM commitments WHERE outcome IS NULL"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_camera_that_records_and_is_never_committed_to_is_found_until_it_is()
    {
        await using var server = await RunningServer.Start(database);
        server.Time.SetUtcNow(TestHeartbeats.AsOf);
        await server.Receipted(_ledger, _ledger.Heartbeat(cameras: WithDays(7)));
        Look(server, TimeSpan.FromDays(2));
        Assert.That(Open(), Is.Zero);
        await server.Receipted(_ledger, _ledger.Tick());
        for (var hour = 0; hour < 3; hour++)
            Look(server, TimeSpan.FromHours(23));
        Assert.That(Open(), Is.Zero, "its newest footage is too old by now to say that it records");

        var later = TestHeartbeats.Camera(Camera);
        await server.Receipted(_ledger, _ledger.Heartbeat(cameras: later with { Claimed = later.Claimed with { Newest = server.Time.GetUtcNow() } }));
        for (var hour = 0; hour < 3; hour++)
            Look(server, TimeSpan.FromHours(1));
        Assert.That(Open(), Is.EqualTo(1));
        await DeliverAsync(server, "c-1111111111", "e30");
        Assert.That(Open(), Is.EqualTo(1), "a commitment for another camera is none for this one");
        await CommitAsync(server);

        Assert.That(Open(), Is.Zero);
        Assert.That(server.Query<long>("SELECT count(*) FROM findings WHERE code = 'NothingCommitted'"), Is.EqualTo(1));

        long Open() => server.Query<long>("SELECT count(*) FROM findings WHERE code = 'NothingCommitted' AND closed IS NULL");

        static void Look(RunningServer server, TimeSpan after)
        {
            server.Time.Advance(after);
            server.Service<IEnumerable<IHostedService>>().OfType<CommitmentWatch>().Single().LookNowAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    async Task<SegmentSample> CommitAsync(RunningServer server)
    {
        var sample = Sample();
        await DeliverAsync(server, Camera, Agent.Auditing.CommitmentSeal.Seal(new Commitment(sample, Digest), await KeyAsync(server)));
        return sample;
    }

    async Task DeliverAsync(RunningServer server, string camera, string jwe)
    {
        _ledger.Append(EntryTypes.Commitment, Encoding.UTF8.GetString(CommitmentCodec.EncodeBody(camera, jwe)));
        await server.Receipted(_ledger, _ledger.Heartbeat(1));
    }

    void Answer(ChallengeAsk ask, ChallengeResult result, string? digest) =>
        _ledger.Append(EntryTypes.Challenge, Encoding.UTF8.GetString(ChallengeAnswerCodec.Encode(new ChallengeAnswer(ask.Id, ask.Epoch, ask.Seq, result, digest))));

    // After a silence the server also asks for an attestation.
    async Task<IEnumerable<ChallengeAsk>> AskedAsync(RunningServer server)
    {
        _ledger.Now = server.Time.GetUtcNow();
        return (await server.Receipted(_ledger, _ledger.Tick())).Asks.OfType<ChallengeAsk>();
    }

    static SegmentSample Sample() => SampleChoice.Of(Camera, Recorded, 1_000_000);

    static CameraStatement[] WithDays(int days) => [TestHeartbeats.Camera(Camera) with { Policy = new() { RequiredDays = days } }];

    static bool IsAboutBytes(string code) => code.StartsWith("Challenge", StringComparison.Ordinal);

    static async Task<EncryptionJwk> KeyAsync(RunningServer server) =>
        JwkSet.Parse(await server.Client.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative))).Encryption!;

    static async Task<IEnumerable<string?>> CodesAsync(RunningServer server) =>
        (await server.Json("/v1/sites/HZ-0001")).GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString());

    // The watch wakes by the same clock; a look more makes sure that it has seen the hour.
    static void Later(RunningServer server, TimeSpan by)
    {
        server.Time.Advance(by);
        server.Service<IEnumerable<IHostedService>>().OfType<ChallengeWatch>().Single().LookNowAsync(CancellationToken.None).GetAwaiter().GetResult();
    }
}

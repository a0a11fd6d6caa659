using System.Globalization;
using System.Security.Cryptography;
using Agent.Tests.Auditing;
using Agent.Tests.Evidence.Chain;
using AuditServer.Enrolments;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

/// <summary>The server asks by itself: the agent's own listener on a loopback port, and the server as it is shipped.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class PollingTests(TestDatabase database)
{
    PollFixture _agent = null!;
    RunningServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _agent = await PollFixture.StartAsync();
        _server = await RunningServer.Start(database, pinned: false);
        _agent.Agent.Time.SetUtcNow(_server.Time.GetUtcNow());
        using var key = _agent.Agent.Identity.Key.Public.ToKey();
        _server.Pin(Name, _agent.Agent.Identity.Site, key: key);
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        await _agent.DisposeAsync();
    }

    string Name => _agent.Agent.Identity.Agent;

    [Test]
    public async Task An_agent_with_an_address_attests_and_hands_over_what_has_not_come()
    {
        State(30);
        PollAt(_agent.Url, _agent.Listener.CertificateFingerprint);

        await UntilPolledAsync(() => Statements == 30);
        State(3);
        await UntilPolledAsync(() => Statements == 33);

        Assert.That(_server.Query<long>("SELECT count(*) FROM attestations WHERE nonce IS NOT NULL"), Is.GreaterThanOrEqualTo(2));
        Assert.That(Findings("PollFailed") + Findings("PollCertificate") + Findings("HeadBehind") + Findings("MissingPredecessor"), Is.Zero);
        Assert.That(_agent.Accesses().Select(access => access.What).Distinct(), Is.EquivalentTo(new[] { "attestation", "heartbeats" }));
    }

    [Test]
    public async Task Whoever_shows_another_certificate_hears_no_key_and_is_a_finding_until_it_is_over()
    {
        State(1);
        PollAt(_agent.Url, _agent.Listener.CertificateFingerprint);
        await UntilPolledAsync(() => Statements == 1);
        var accesses = _agent.Accesses().Count;

        PollAt(_agent.Url, new string('a', 64));
        await UntilPolledAsync(() => Open("PollCertificate") == 1);
        var looks = 0;
        await UntilPolledAsync(() => ++looks > 120);
        Assert.That(Findings("PollCertificate"), Is.EqualTo(1), "once, however long it lasts");
        Assert.That(_agent.Accesses(), Has.Count.EqualTo(accesses), "no request was sent");
        PollAt(_agent.Url, _agent.Listener.CertificateFingerprint);
        await UntilPolledAsync(() => Open("PollCertificate") == 0);

        Assert.That(Findings("PollFailed"), Is.Zero);
    }

    [Test]
    public async Task An_agent_that_cannot_be_asked_is_a_finding_that_closes_by_itself_and_may_come_again()
    {
        State(1);
        PollAt(_agent.Url, _agent.Listener.CertificateFingerprint);
        await UntilPolledAsync(() => Statements == 1);

        for (var time = 1; time <= 2; time++)
        {
            PollAt(_agent.Url, _agent.Listener.CertificateFingerprint, key: "a-wrong-key");
            await UntilPolledAsync(() => Open("PollFailed") == 1);
            PollAt(_agent.Url, _agent.Listener.CertificateFingerprint);
            await UntilPolledAsync(() => Open("PollFailed") == 0);
            Assert.That(Findings("PollFailed"), Is.EqualTo(time));
        }

        Assert.That(_server.Query<string>("SELECT message FROM findings WHERE code = 'PollFailed' ORDER BY id LIMIT 1"), Does.Contain("status 401").And.Not.Contain("a-wrong-key"));
    }

    [Test]
    public async Task A_head_behind_what_was_receipted_is_a_finding()
    {
        State(1);
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(_agent.Agent.Folder.Path, "agent.key.pem")));
        var pem = key.ExportPkcs8PrivateKeyPem();
        var other = new TestLedger(Name, _agent.Agent.Ledger.Read.Head.Epoch) { Now = _server.Time.GetUtcNow(), Signer = () => FromPem(pem) };
        await _server.Receipted(other, other.Heartbeat(between: 20));
        PollAt(_agent.Url, _agent.Listener.CertificateFingerprint);

        await UntilPolledAsync(() => Findings("HeadBehind") == 1);
        Assert.That(_server.Query<string>("SELECT message FROM findings WHERE code = 'HeadBehind'"), Does.Contain("ends at seq").And.Contain("with seq 21"));
    }

    [Test]
    public async Task Another_agent_at_the_address_attests_for_nobody()
    {
        State(1);
        PollAt(_agent.Url, _agent.Listener.CertificateFingerprint, agent: "HZ-0571-9999-x");
        using (var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256))
            _server.Pin("HZ-0571-9999-x", "HZ-0571-9999", name: "two", key: stranger);

        await UntilPolledAsync(() => _agent.Accesses().Count >= 2);

        Assert.That(_server.Query<long>("SELECT count(*) FROM attestations"), Is.Zero);
    }

    [Test]
    public async Task An_agent_without_an_address_is_asked_with_a_receipt_about_once_a_day()
    {
        _server.Pin(name: "two");
        var ledger = new TestLedger { Now = _server.Time.GetUtcNow() };
        await _server.Receipted(ledger, ledger.Tick());
        State(1);
        PollAt(_agent.Url, _agent.Listener.CertificateFingerprint);
        await UntilPolledAsync(() => Statements == 2);
        await PassAsync(() => Open("MissingHeartbeat") == 2);
        Assert.That((Asked("HZ-0001-a"), Asked(Name)), Is.EqualTo((1, 1)), "after a silence both are");
        _server.Run("DELETE FROM asks");

        await PassAsync(() => Asked("HZ-0001-a") == 1);

        Assert.That(_server.Time.GetUtcNow(), Is.LessThan(TestLedger.Start.AddDays(4)));
        Assert.That(Asked(Name), Is.Zero, "this one is asked at its address");
        Assert.That(_server.Query<string>($"SELECT json FROM asks WHERE agent = 'HZ-0001-a'"), Does.StartWith("""{"ask":"attest","id":"a-"""));
    }

    [Test]
    public void An_address_that_cannot_be_asked_is_refused_in_one_sentence()
    {
        var fingerprint = new string('a', 64);
        Assert.That(Office("poll-at", "--agent", "a", "--url", "http://127.0.0.1:1", "--fingerprint", fingerprint, "--bearer-file", KeyFile("k")).Code, Is.EqualTo(64));
        Assert.That(Office("poll-at", "--agent", "a", "--url", "https://127.0.0.1:1", "--fingerprint", "abc", "--bearer-file", KeyFile("k")).Told, Does.StartWith("This cannot be asked: the fingerprint is not a SHA-256"));
        Assert.That(Office("poll-at", "--agent", "a", "--url", "https://127.0.0.1:1", "--fingerprint", fingerprint).Told, Does.StartWith("This cannot be asked: either a bearer key or"));
        Assert.That(Office("poll-not", "--agent", "a").Code, Is.EqualTo(1));
        Assert.That(Office("poll-at", "--agent", "a", "--url", "https://127.0.0.1:1", "--fingerprint", fingerprint, "--bearer-file", KeyFile("k")).Code, Is.Zero);
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(Directory.GetFiles(Path.Combine(_server.Data, "polls")).Single()), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(Office("poll-not", "--agent", "a").Code, Is.Zero);
    }

    // Only the server's clock goes on.
    async Task PassAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds())
        {
            _server.Time.Advance(TimeSpan.FromMinutes(10));
            await Task.Delay(5, patience.Token);
        }
    }

    void State(int ticks)
    {
        for (var i = 0; i < ticks; i++)
            _agent.Agent.Ledger.AppendTick();
    }

    void PollAt(Uri url, string fingerprint, string key = PollFixture.Key, string? agent = null)
    {
        var told = Office("poll-at", "--agent", agent ?? Name, "--url", url.AbsoluteUri, "--fingerprint", fingerprint, "--bearer-file", KeyFile(key));
        Assert.That(told.Code, Is.Zero, told.Told);
    }

    string KeyFile(string key) => _agent.Agent.Folder.Write("bearer", key + "\n");

    (int Code, string Told) Office(params string[] verb)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var code = OfficeCommand.Run([.. verb, .. _server.Where], _server.Time, output, output);
        return (code, output.ToString());
    }

    long Statements => _server.Query<long>("SELECT count(*) FROM statements");

    long Findings(string code) => _server.Query<long>($"SELECT count(*) FROM findings WHERE code = '{code}'");

    long Open(string code) => _server.Query<long>($"SELECT count(*) FROM findings WHERE code = '{code}' AND closed IS NULL");

    long Asked(string agent) => _server.Query<long>($"SELECT count(*) FROM asks WHERE agent = '{agent}' AND nonce IS NOT NULL");

    static ECDsa FromPem(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key;
    }

    // One round after the other until something is so. Both clocks go on together: an attestation is good for a minute.
    async Task UntilPolledAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var look = 0; !holds(); look++)
        {
            if (look % 50 == 0)
            {
                _agent.Agent.Time.Advance(TimeSpan.FromMinutes(15));
                _server.Time.Advance(TimeSpan.FromMinutes(15));
            }

            await Task.Delay(20, patience.Token);
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agent.Delivery;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Ledger;
using Agent.Tests.AuditServer;
using Agent.Tests.Ledger;
using AuditServer.Intake;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

/// <summary>A site no line leads to: what waits is carried out, an officer takes it, the receipts are carried back. Both sides as they are shipped.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
sealed class CarryingTests(TestDatabase database)
{
    readonly LedgerFixture _fixture = new();
    readonly List<Ask> _asked = [];
    RunningServer _server = null!;
    string _told = "";

    string Out => Path.Combine(_fixture.Folder.Path, "out.jsonl");

    string Back => Path.Combine(_fixture.Folder.Path, $"back-{Directory.GetFiles(_fixture.Folder.Path, "back-*").Length}.jsonl");

    [SetUp]
    public async Task Start()
    {
        _server = await RunningServer.Start(database, pinned: false);
        using var key = _fixture.Identity.Key.Public.ToKey();
        _server.Pin(_fixture.Identity.Agent, _fixture.Identity.Site, key: key);
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _fixture.Dispose();
    }

    [Test]
    public async Task A_week_is_accepted_late_in_order_and_its_receipts_free_every_row()
    {
        State(days: 7);
        _server.Time.SetUtcNow(_fixture.Time.GetUtcNow());
        var pending = _fixture.Ledger.Read.Counts.Pending;
        Assert.That(Export(), Is.EqualTo(pending).And.GreaterThan(7 * 24));

        Assert.That(await TakeAsync(out var back), Is.Zero, _told);
        Assert.That(_fixture.Ledger.Read.Counts.Pending, Is.EqualTo(pending), "only receipts free a row");
        await ImportAsync(back);

        var receipts = (await File.ReadAllLinesAsync(back)).Select(ReceiptOf).ToList();
        Assert.That(receipts.Select(receipt => receipt.Seq), Is.Ordered.And.Exactly((int)pending).Items);
        Assert.That(receipts[0].Findings.Select(finding => finding.Code), Does.Contain("Late"));
        Assert.That(receipts[^1].Findings, Is.Empty);
        Assert.That(receipts[1..].Select(receipt => receipt.Previous), Has.None.Null, "each follows the one before");
        var counts = _fixture.Ledger.Read.Counts;
        Assert.That((counts.Receipted, counts.SetAside), Is.EqualTo((pending, 0)));
        Assert.That(_fixture.Ledger.Read.Check(_fixture.Identity.Key.Public).Fault, Is.Null);
        Assert.That(_fixture.Entries().Count(entry => entry.Type == EntryTypes.Receipt), Is.EqualTo(pending));
        Assert.That(ReceiptInbox.Waiting(_fixture.Folder.Path), Is.Empty);
    }

    [Test]
    public async Task The_same_again_gets_the_same_receipts_and_changes_nothing()
    {
        State(days: 1);
        Export();
        await TakeAsync(out var first);
        await TakeAsync(out var second);
        await ImportAsync(first);
        var head = _fixture.Ledger.Read.Head;

        await ImportAsync(second);

        Assert.That(await File.ReadAllTextAsync(second), Is.EqualTo(await File.ReadAllTextAsync(first)));
        Assert.That(_fixture.Ledger.Read.Head, Is.EqualTo(head));
        Assert.That(Look(await File.ReadAllBytesAsync(second)).Select(answer => answer.Kind).Distinct(), Is.EqualTo(new[] { CarriedKind.Known }));
    }

    [Test]
    public async Task A_line_that_was_tampered_with_is_refused_and_the_rest_is_taken()
    {
        State(days: 1);
        Export();
        var lines = await File.ReadAllLinesAsync(Out);
        lines[3] = lines[3].Replace("{\"jws\":\"e", "{\"jws\":\"f", StringComparison.Ordinal);
        lines[5] = "{\"jws\":\"" + new string('A', HeartbeatRequest.MaxBytes) + "\"}";
        lines[7] = "\u0001not JSON\u001b[2J";
        await File.WriteAllLinesAsync(Out, lines);

        Assert.That(await TakeAsync(out var back), Is.EqualTo(1));

        var codes = (await File.ReadAllLinesAsync(back)).Select(line => JsonElement.Parse(line)).Select(line => line.TryGetProperty("code", out var code) ? code.GetString() : null).ToList();
        Assert.That(codes, Has.Count.EqualTo(lines.Length));
        Assert.That((codes[3], codes[5], codes[7]), Is.EqualTo(("Malformed", "TooLarge", "Malformed")));
        Assert.That(codes.Count(code => code is not null), Is.EqualTo(3));
        Assert.That(_told, Does.Contain("Line 4 was refused: Malformed").And.Not.Contain("\u001b"));
        await ImportAsync(back);
        Assert.That((_fixture.Ledger.Read.Counts.Pending, _fixture.Ledger.Read.Counts.SetAside), Is.EqualTo((3L, 0L)), "a refusal nobody signed frees nothing and hides nothing");
    }

    [Test]
    public async Task Receipts_of_a_stranger_and_of_another_agent_are_not_believed()
    {
        State(days: 1);
        Export();
        await TakeAsync(out var back);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var lines = (await File.ReadAllLinesAsync(back)).Select(ReceiptOf).ToList();
        var forged = Lines(
            Signed(lines[0], stranger),
            Signed(lines[1] with { Agent = "someone-else" }, null),
            Signed(lines[2] with { Epoch = Guid.NewGuid() }, null),
            "{\"receipt\":\"a.b.c\"}",
            new string('x', 2 << 20));

        Assert.That(Look(forged).Select(answer => answer.Kind), Is.All.EqualTo(CarriedKind.Unsound));
        Assert.That(Look(forged).First().Words, Does.Contain("not the audit server's"));
        var head = _fixture.Ledger.Read.Head;
        ReceiptInbox.Leave(_fixture.Folder.Path, [JwsOf(Signed(lines[0], stranger))]);
        await RoundAsync();
        Assert.That(_fixture.Ledger.Read.Head, Is.EqualTo(head), "whatever lies in the inbox is held against the keys again");
    }

    [Test]
    public async Task What_a_receipt_asks_is_asked_of_the_agent()
    {
        State(days: 1);
        _server.Service<EvidenceStore>().Ask(_fixture.Identity.Agent, new AssignAsk("s-1", "c-1", 30));
        Export();
        await TakeAsync(out var back);

        await ImportAsync(back);

        Assert.That(_asked, Is.EqualTo(new Ask[] { new AssignAsk("s-1", "c-1", 30) }));
    }

    [Test]
    public async Task A_ledger_that_was_set_back_is_shown_by_the_refusal_that_was_carried_back()
    {
        State(days: 1);
        var backup = Path.Combine(_fixture.Folder.Path, "backup");
        var witness = Path.Combine(_fixture.Folder.Path, "ledger.head");
        _fixture.Tamper($"VACUUM INTO '{backup}'");
        File.Copy(witness, $"{witness}.old");
        _fixture.Reopen();
        _fixture.Ledger.AppendTick();
        Export();
        await TakeAsync(out _);
        _fixture.Ledger.Dispose();
        File.Copy(backup, _fixture.DatabaseFile, overwrite: true);
        File.Copy($"{witness}.old", witness, overwrite: true);
        _fixture.Reopen();
        var epoch = _fixture.Ledger.Read.Head.Epoch;
        _fixture.Ledger.Append("other", LedgerFixture.Body());
        _fixture.Ledger.AppendTick();
        Export();

        await TakeAsync(out var back);
        await ImportAsync(back);

        Assert.That(_fixture.Ledger.Read.Head.Epoch, Is.Not.EqualTo(epoch));
        Assert.That(_fixture.Entries()[0].Type, Is.EqualTo(EntryTypes.Gap));
    }

    [Test]
    public async Task A_folder_no_server_has_used_and_files_that_are_not_there_are_told_plainly()
    {
        using var empty = new TemporaryFolder();
        State(days: 1);
        Export();

        var folder = await RunAsync("take", Out, "--data", empty.Path, "--receipts", Back);
        var missing = await RunAsync(["take", Out + ".no", "--receipts", Back, .. _server.Where]);
        var existing = await RunAsync(["take", Out, "--receipts", Out, .. _server.Where]);
        var nowhere = await RunAsync(["take", Out, .. _server.Where]);

        Assert.That(folder, Is.EqualTo((1, $"{empty.Path} is not the data folder of an audit server: there is no receipt-key.pem.")));
        Assert.That((missing.Code, existing.Code, nowhere.Code), Is.EqualTo((1, 1, 64)));
        Assert.That(missing.Told + existing.Told + nowhere.Told, Does.Not.Contain("   at "));
        Assert.That(Directory.GetFileSystemEntries(empty.Path), Is.Empty);
    }

    // A tick an hour and a heartbeat a day.
    void State(int days)
    {
        for (var hour = 0; hour < 24 * days; hour++)
        {
            _fixture.Time.Advance(TimeSpan.FromHours(1));
            if (hour % 24 == 12)
                _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
            else
                _fixture.Ledger.AppendTick();
        }

        _fixture.Ledger.AppendTick();
        _server.Time.SetUtcNow(_fixture.Time.GetUtcNow());
    }

    int Export()
    {
        var requests = StatementStore.Pending(_fixture.Ledger.Read, long.MaxValue).Select(request => Encoding.UTF8.GetString(request.Encode())).ToList();
        File.WriteAllLines(Out, requests);
        return requests.Count;
    }

    Task<int> TakeAsync(out string back)
    {
        back = Back;
        return TakeIntoAsync(back);
    }

    async Task<int> TakeIntoAsync(string back)
    {
        (var code, _told) = await RunAsync(["take", Out, "--receipts", back, "--name", "audit.test", .. _server.Where]);
        return code;
    }

    async Task<(int Code, string Told)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await TakeCommand.RunAsync(arguments, _server.Time, output, errors);
        return (code, errors.ToString().Trim());
    }

    async Task ImportAsync(string back)
    {
        ReceiptInbox.Leave(_fixture.Folder.Path, Look(await File.ReadAllBytesAsync(back)).Where(answer => answer.Jws is not null).Select(answer => answer.Jws!));
        await RoundAsync();
    }

    Task RoundAsync() => new ReceiptInboxRound(_fixture.Folder.Path, _fixture.Ledger, Keys, (ask, _) =>
    {
        _asked.Add(ask);
        return Task.CompletedTask;
    }, NullLogger<ReceiptInboxRound>.Instance).RunAsync(CancellationToken.None);

    List<CarriedAnswer> Look(byte[] file) => [.. new CarriedAnswers(_fixture.Ledger.Read, Keys).Read(file)];

    ReceiptKeys Keys
    {
        get
        {
            using var own = ServerKey();
            return ReceiptKeys.Of(new JwkSet([Jwk.FromKey(own)]));
        }
    }

    ECDsa ServerKey()
    {
        var own = ECDsa.Create();
        own.ImportFromPem(File.ReadAllText(_server.KeyFile));
        return own;
    }

    string Signed(Receipt receipt, ECDsa? key)
    {
        using var own = ServerKey();
        return JsonSerializer.Serialize(new Dictionary<string, string> { ["receipt"] = Jws.Sign(ReceiptCodec.Encode(receipt), StatementTypes.Receipt, key ?? own) });
    }

    Receipt ReceiptOf(string line) => ReceiptCodec.Decode(Jws.Verify(JwsOf(line), StatementTypes.Receipt, Keys.Find).Payload);

    static string JwsOf(string line) => JsonElement.Parse(line).GetProperty("receipt").GetString()!;

    static byte[] Lines(params string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines));
}

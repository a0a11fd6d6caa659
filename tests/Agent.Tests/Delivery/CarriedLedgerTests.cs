using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Ledger;
using Agent.Tests.AuditServer;
using Agent.Tests.Ledger;
using AuditServer.Intake;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

/// <summary>A whole ledger is carried to the audit server: what is signed in it is taken, late and in order, and nothing of one that was touched.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
sealed class CarriedLedgerTests(TestDatabase database)
{
    readonly LedgerFixture _fixture = new();
    RunningServer _server = null!;
    int _files;

    [SetUp]
    public async Task Start()
    {
        _server = await RunningServer.Start(database, pinned: false);
        using var key = _fixture.Identity.Key.Public.ToKey();
        _server.Pin(_fixture.Identity.Agent, _fixture.Identity.Site, key: key);
        _fixture.Ledger.AppendStart("0.1.0", new string('a', 64), new string('b', 64));
        State(6);
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _fixture.Dispose();
    }

    [Test]
    public async Task Every_statement_of_every_epoch_gets_its_receipt_and_again_the_same()
    {
        NewEpoch();
        State(3);
        _fixture.Ledger.Append("note", LedgerFixture.Body());
        _server.Time.SetUtcNow(_fixture.Time.GetUtcNow() + TimeSpan.FromHours(3));

        var lines = Export();
        var first = await TakeAsync(lines);
        var again = await TakeAsync(lines);
        var windows = await TakeAsync(lines, "\r\n");

        Assert.That((first.Code, first.Output), Is.EqualTo((0, $"9 statements receipted, 0 refused. The chain of {Entries(lines)} entries holds; 1 after the last statement is signed by nobody yet.")), first.Errors);
        Assert.That(again.Answers, Is.EqualTo(first.Answers));
        Assert.That(windows.Answers, Is.EqualTo(first.Answers));
        var receipts = first.Answers.Select(ReceiptOf).ToList();
        Assert.That(receipts.Select(receipt => receipt.Epoch).Distinct().Count(), Is.EqualTo(2));
        Assert.That(receipts.Select(receipt => receipt.Findings.Any(finding => finding.Code == "Late")), Is.All.True);
        Assert.That(_server.Query<long>("SELECT count(*) FROM entries"), Is.EqualTo(Entries(lines) - 1), "and what nobody signed is not kept");
    }

    [Test]
    public async Task What_was_posted_before_keeps_the_receipt_it_got()
    {
        var request = StatementStore.Pending(_fixture.Ledger.Read, 1).Single();
        var posted = await _server.Post(request);

        var taken = await TakeAsync(Export());

        Assert.That(taken.Code, Is.Zero, taken.Errors);
        Assert.That(JsonElement.Parse(taken.Answers[0]).GetProperty("receipt").GetString(), Is.EqualTo(posted.Receipt));
    }

    [TestCase("a line cut out", "BrokenChain", 5)]
    [TestCase("the front cut off", "BrokenChain", 1)]
    [TestCase("two lines swapped", "BrokenChain", 5)]
    [TestCase("a line changed", "BrokenChain", 6)]
    [TestCase("a line spoilt", "Malformed", 5)]
    [TestCase("the first line spoilt", "Malformed", 1)]
    [TestCase("an empty line", "Malformed", 4)]
    [TestCase("a line too long", "Malformed", 5)]
    [TestCase("an epoch cut short", "BrokenChain", null)]
    public async Task Nothing_is_taken_of_a_ledger_whose_chain_is_broken(string how, string code, int? line)
    {
        if (how == "an epoch cut short")
        {
            _fixture.Ledger.Append("note", LedgerFixture.Body());
            NewEpoch();
        }

        var lines = Export();
        line ??= lines.FindIndex(l => l.Contains("\"type\":\"gap\"", StringComparison.Ordinal));
        switch (how)
        {
            case "a line cut out": lines.RemoveAt(4); break;
            case "the front cut off": lines.RemoveAt(0); break;
            case "two lines swapped": (lines[4], lines[5]) = (lines[5], lines[4]); break;
            case "a line changed": lines[4] = lines[4].Replace("\"n\":", "\"m\":", StringComparison.Ordinal); break;
            case "a line spoilt": lines[4] = lines[4][1..]; break;
            case "the first line spoilt": lines[0] = "x" + lines[0]; break;
            case "an empty line": lines.Insert(3, ""); break;
            case "a line too long": lines[4] = lines[4][..^1] + new string(' ', EntryCodec.MaxBytes) + "}"; break;
            default: lines.RemoveAt(line.Value - 1); break;
        }

        var taken = await TakeAsync(lines);

        Assert.That((taken.Code, taken.Output), Is.EqualTo((1, "0 statements receipted, 1 refused.")));
        Assert.That(taken.Errors, Does.StartWith($"Line {line} was refused: {code}, "));
        var answer = JsonElement.Parse(taken.Answers.Single());
        Assert.That((answer.GetProperty("code").GetString(), answer.GetProperty("line").GetInt32()), Is.EqualTo((code, line)));
        Assert.That(_server.Query<long>("SELECT count(*) FROM statements"), Is.Zero);
    }

    [Test]
    public async Task A_ledger_forged_as_a_whole_is_refused_from_the_first_signature_on()
    {
        var lines = Export();
        var forged = new List<string>();
        foreach (var line in lines)
            forged.Add(SignatureLine.IsOne(Encoding.UTF8.GetBytes(line)) ? line : Forged(line, forged.LastOrDefault(l => !SignatureLine.IsOne(Encoding.UTF8.GetBytes(l)))));

        var taken = await TakeAsync(forged);

        Assert.That((taken.Code, taken.Output[..36]), Is.EqualTo((1, "0 statements receipted, 6 refused. T")), taken.Errors);
        Assert.That(taken.Errors.Split('\n').Select(line => line.Trim()), Is.All.Match("^Line [0-9]+ was refused: BadSignature, "));
    }

    [Test]
    public async Task A_ledger_cut_before_a_signature_is_refused_there_and_taken_up_to_there()
    {
        var lines = Export();
        var cut = lines[..lines.FindLastIndex(line => SignatureLine.IsOne(Encoding.UTF8.GetBytes(line)))];

        var taken = await TakeAsync(cut);

        Assert.That((taken.Code, taken.Output[..36]), Is.EqualTo((1, "5 statements receipted, 1 refused. T")), taken.Errors);
        Assert.That(taken.Errors, Does.StartWith($"Line {cut.Count} was refused: BadSignature, There is no signature"));
    }

    [Test]
    public async Task A_ledger_of_an_agent_nobody_knows_is_refused_line_by_line()
    {
        _server.RemoveAgentFile("one.jwk.json");

        var taken = await TakeAsync(Export());

        Assert.That(taken.Code, Is.EqualTo(1));
        Assert.That(taken.Answers.Select(answer => JsonElement.Parse(answer).GetProperty("code").GetString()), Is.All.EqualTo("UnknownKey"));
    }

    [Test]
    public void One_epoch_can_be_chosen()
    {
        var first = _fixture.Ledger.Read.Head.Epoch;
        NewEpoch();
        using var text = new StringWriter();

        Assert.That(LedgerExportStore.Write(_fixture.Ledger.Read, text, first), Is.EqualTo((13, 1)));
        Assert.That(text.ToString(), Does.Not.Contain(_fixture.Ledger.Read.Head.Epoch.ToString()));
        Assert.That((LedgerExportStore.Holds(_fixture.Ledger.Read, first), LedgerExportStore.Holds(_fixture.Ledger.Read, Guid.NewGuid())), Is.EqualTo((true, false)));
    }

    // As the service goes on when the audit server vouches for an entry that is not here.
    void NewEpoch()
    {
        var head = _fixture.Ledger.Read.Head;
        _fixture.Ledger.OpenEpoch(head with { Seq = head.Seq + 5, Hash = new string('a', 64) });
    }

    void State(int statements)
    {
        for (var i = 0; i < statements; i++)
        {
            _fixture.Time.Advance(TimeSpan.FromMinutes(5));
            _fixture.Ledger.Append("note", LedgerFixture.Body($$"""{"n":{{i}}}"""));
            if (i % 3 == 0)
                _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
            else
                _fixture.Ledger.AppendTick();
        }

        _server.Time.SetUtcNow(_fixture.Time.GetUtcNow());
    }

    List<string> Export()
    {
        using var text = new StringWriter();
        LedgerExportStore.Write(_fixture.Ledger.Read, text);
        return [.. text.ToString().TrimEnd('\n').Split('\n')];
    }

    async Task<(int Code, string Output, string Errors, string[] Answers)> TakeAsync(IEnumerable<string> lines, string end = "\n")
    {
        var (file, back) = (Path.Combine(_fixture.Folder.Path, $"carried-{++_files}"), Path.Combine(_fixture.Folder.Path, $"answers-{_files}"));
        await File.WriteAllTextAsync(file, string.Concat(lines.Select(line => line + end)));
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await TakeCommand.RunAsync(["take", file, "--receipts", back, "--name", "audit.test", .. _server.Where], _server.Time, output, errors);
        return (code, output.ToString().Trim(), errors.ToString().Trim(), await File.ReadAllLinesAsync(back));
    }

    static int Entries(List<string> lines) => lines.Count(line => !SignatureLine.IsOne(Encoding.UTF8.GetBytes(line)));

    static string Forged(string line, string? above)
    {
        var entry = EntryCodec.Decode(Encoding.UTF8.GetBytes(line));
        return Encoding.UTF8.GetString(EntryCodec.Encode(entry with
        {
            Boot = "forged",
            Previous = above is null ? EntryCodec.NoPrevious : EntryCodec.Hash(Encoding.UTF8.GetBytes(above)),
        }));
    }

    static Receipt ReceiptOf(string answer) =>
        ReceiptCodec.Decode(System.Buffers.Text.Base64Url.DecodeFromChars(JsonElement.Parse(answer).GetProperty("receipt").GetString()!.Split('.')[1]));
}

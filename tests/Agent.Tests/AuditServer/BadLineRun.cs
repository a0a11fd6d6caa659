using System.Security.Cryptography;
using Agent.Delivery;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Hosting;
using Agent.Keys;
using Agent.Ledger;
using Agent.Recorders;
using Agent.Rounds;
using Agent.Tests.Delivery;
using Agent.Tests.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

/// <summary>
/// One seed: the agent's own delivery over a real ledger, the real audit server, and a <see cref="BadLine"/> between them. Statements
/// are made while others wait, the agent and the server start anew, sending is stopped half-way; at the end the line is mended.
/// </summary>
sealed class BadLineRun : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly TemporaryFolder _folder = new();
    readonly PatientClock _clock = new();
    readonly RunningServer _server;
    readonly BadLine _line;
    readonly Random _random;
    readonly AgentIdentity _identity;
    readonly ReceiptKeys _receiptKeys;
    LedgerStore _ledger;
    UpstreamClient _client;
    Outbox _outbox;

    BadLineRun(RunningServer server, BadLine line, PatientClock clock, int seed)
    {
        (_server, _line, _clock, _random) = (server, line, clock, new Random(~seed));
        _identity = AgentIdentity.Open(_folder.Path, "HZ-0571-0001");
        using (var key = _identity.Key.Public.ToKey())
            server.Pin(_identity.Agent, _identity.Site, key: key);
        using var own = ECDsa.Create();
        own.ImportFromPem(File.ReadAllText(server.KeyFile));
        _receiptKeys = ReceiptKeys.Of(new JwkSet([Jwk.FromKey(own)]));
        (_ledger, _client, _outbox) = StartAgent();
    }

    /// <summary>What the line did, each kind once.</summary>
    public IReadOnlySet<LineFault> Met => _line.Met.ToHashSet();

    public static async Task<BadLineRun> StartAsync(TestDatabase database, int seed)
    {
        var server = await RunningServer.Start(database, pinned: false);
        var clock = new PatientClock();
        clock.SetUtcNow(server.Time.GetUtcNow());
        return new BadLineRun(server, await BadLine.StartAsync(server, clock, seed), clock, seed);
    }

    public async Task RunAsync()
    {
        _line.Good = _random.Next(10, 70);
        for (var left = _random.Next(6, 14); left > 0; left--)
        {
            for (var n = _random.Next(0, 4); n > 0; n--)
                Say();
            if (_random.Next(25) == 0)
                await _server.Restart();
            if (_random.Next(4) == 0)
                StartAnew();
            await DeliverAsync(stop: _random.Next(5) == 0);
            Pass(TimeSpan.FromSeconds(_random.Next(1, 1200)));
        }

        Say();
        _line.Good = 100;
        for (var tries = 0; tries < 5 && _ledger.Read.Counts.Pending > 0; tries++)
        {
            // Longer than a server that kept failing, or that asked for rest, is left alone.
            Pass(TimeSpan.FromMinutes(61));
            await DeliverAsync(stop: false);
        }

        await _line.ArriveAsync();
    }

    /// <summary>Holds both ends against each other.</summary>
    public void Check()
    {
        var issued = Issued();
        Assert.That(_ledger.Read.Counts, Is.EqualTo(new OutboxCounts(0, 0, issued.Count, null)), "every statement is free, and none was set aside");
        Assert.That(_ledger.Read.Check(_identity.Key.Public).Fault, Is.Null);
        foreach (var row in issued)
            Assert.That(StatementVerifier.VerifyReceipt(row.Receipt, _receiptKeys.Find, row.Bytes).Fault, Is.Null, $"the receipt of seq {row.Seq}");

        var epoch = _ledger.Read.Head.Epoch;
        Assert.That(
            _server.Query<string>("SELECT string_agg(seq || ' ' || jws || ' ' || receipt, ',') FROM (SELECT * FROM statements ORDER BY seq) AS row").Split(','),
            Is.EqualTo(issued.Select(row => $"{row.Seq} {row.Jws} {row.Receipt}")), "each once, and answered with what the agent holds");
        Assert.That(
            _server.Query<string>("SELECT string_agg(seq || ' ' || hash, ',') FROM (SELECT * FROM entries ORDER BY seq) AS row").Split(','),
            Is.EqualTo(_ledger.Read.EntriesBetween(epoch, 0, issued[^1].Seq + 1).Select(bytes => $"{EntryCodec.Decode(bytes).Seq} {Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}")),
            "every entry up to the newest statement, byte for byte");
        Assert.That(_server.Query<string>("SELECT min(epoch) || max(epoch) FROM chains"), Is.EqualTo($"{epoch}{epoch}"));
        AssertOrder(issued);
        Assert.That(
            _ledger.Read.EntriesBetween(epoch, 0, long.MaxValue).Select(EntryCodec.Decode).Count(entry => entry.Type == EntryTypes.Receipt), Is.EqualTo(issued.Count),
            "each receipt stands in the ledger once");
    }

    public async ValueTask DisposeAsync()
    {
        await _line.DisposeAsync();
        EndAgent();
        _identity.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    // A receipt names the statement before its own only when the server held that one already.
    void AssertOrder(List<(long Seq, string Jws, byte[] Bytes, string Receipt)> issued)
    {
        string? previous = null;
        foreach (var row in issued)
        {
            Assert.That(StatementVerifier.VerifyReceipt(row.Receipt, _receiptKeys.Find, row.Bytes).Receipt!.Previous, Is.EqualTo(previous), $"what was taken before seq {row.Seq}");
            previous = Convert.ToHexStringLower(SHA256.HashData(row.Bytes));
        }
    }

    void Say()
    {
        for (var n = _random.Next(0, 3); n > 0; n--)
            _ledger.Append("note", LedgerFixture.Body($$"""{"n":{{_random.Next()}}}"""));
        if (_random.Next(3) == 0)
            _ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        else
            _ledger.AppendTick();
    }

    async Task DeliverAsync(bool stop)
    {
        using var stopping = new CancellationTokenSource();
        if (stop)
            stopping.CancelAfter(_random.Next(1, 30));
        var round = new HeartbeatRound(_ledger, _outbox, LedgerFixture.Heartbeat, new DeliveryWords(NullLogger<DeliveryWords>.Instance, _clock));
        var delivery = new DeliveryJob(round).Execute(null!, stopping.Token).AsTask();
        var (began, quiet) = (TimeProvider.System.GetTimestamp(), 0);
        while (!delivery.IsCompleted)
        {
            Assert.That(TimeProvider.System.GetElapsedTime(began), Is.LessThan(Patience), "delivery hangs");
            await Task.WhenAny(delivery, Task.Delay(1, CancellationToken.None));
            quiet = _line.IsQuiet && _clock.IsAwaited ? quiet + 1 : 0;
            if (quiet >= 5)
                Pass(TimeSpan.FromSeconds(5));
        }

        try
        {
            await delivery;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The agent stopped while it was sending.
        }
    }

    void Pass(TimeSpan time)
    {
        _clock.Advance(time);
        _server.Time.SetUtcNow(_clock.GetUtcNow());
    }

    void StartAnew()
    {
        EndAgent();
        (_ledger, _client, _outbox) = StartAgent();
    }

    (LedgerStore, UpstreamClient, Outbox) StartAgent()
    {
        var ledger = LedgerStore.Open(_folder.Path, _identity, _clock);
        var client = new UpstreamClient(_line.Url, new UpstreamResilience(new UpstreamOptions(), _clock), _clock);
        var attestation = new AttestationContent(new RoundResults(), new CameraLabels(CameraCodes.Open(_folder.Path), []), ledger, _identity, _clock);
        return (ledger, client, new Outbox(ledger, client, _receiptKeys, _clock, attestation.Sign));
    }

    void EndAgent()
    {
        _outbox.Dispose();
        _client.Dispose();
        _ledger.Dispose();
    }

    List<(long Seq, string Jws, byte[] Bytes, string Receipt)> Issued()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, LedgerReadStore.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT o.seq, o.jws, e.bytes, coalesce(o.receipt, '') FROM outbox o JOIN entry e ON e.epoch = o.epoch AND e.seq = o.seq ORDER BY o.position";
        using var row = command.ExecuteReader();
        var issued = new List<(long, string, byte[], string)>();
        while (row.Read())
            issued.Add((row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetString(3)));
        return issued;
    }
}

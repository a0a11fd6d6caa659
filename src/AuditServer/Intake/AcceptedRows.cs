using System.Text;
using Agent.Evidence.Chain;
using AuditServer.Databases;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>What was accepted and waits to be written, many statements at once but of one agent one at most.</summary>
sealed class AcceptedRows
{
    // Statements can be large; then fewer of them go together.
    const long MostBytes = 4 << 20;

    readonly List<long> _entryChains = [];
    readonly List<long> _entrySeqs = [];
    readonly List<string> _entryHashes = [];
    readonly List<string> _entryPrevious = [];
    readonly List<byte[]> _entryBytes = [];

    readonly List<long> _chains = [];
    readonly List<DeliveredHeartbeat> _deliveries = [];
    readonly List<string> _receipts = [];

    readonly FindingRows _findings = new();
    long _size;

    /// <summary>Whether so much waits that it should be written before more is added.</summary>
    public bool AreMany => _size >= MostBytes;

    /// <summary>Adds a statement with its entries, its receipt and what was noticed.</summary>
    public void Add(long chain, DeliveredHeartbeat delivery, SignedReceipt receipt)
    {
        var heartbeat = delivery.Heartbeat;
        var (seq, previous) = (heartbeat.After, heartbeat.AfterHash);
        foreach (var bytes in heartbeat.Between)
            previous = AddEntry(chain, ++seq, EntryCodec.Hash(bytes.Span), previous, bytes);
        AddEntry(chain, heartbeat.Entry.Seq, heartbeat.EntryHash, previous, heartbeat.EntryBytes);

        _chains.Add(chain);
        _deliveries.Add(delivery);
        _receipts.Add(receipt.Jws);
        _size += delivery.Jws.Length + receipt.Jws.Length;
        foreach (var finding in receipt.Receipt.Findings)
            AddFinding(delivery, finding.Code, finding.Message, jws: null);
    }

    /// <summary>Adds what was noticed about a statement, with the statement itself when it was refused.</summary>
    public void AddFinding(DeliveredHeartbeat delivery, string code, string message, string? jws)
    {
        _findings.Add(delivery, code, message, jws);
        _size += message.Length + (jws?.Length ?? 0);
    }

    /// <summary>Writes what waits; nothing waits any longer.</summary>
    public void Write(SqlSession sql)
    {
        WriteEntries(sql);
        WriteStatements(sql);
        _findings.Write(sql);
        _size = 0;
    }

    string AddEntry(long chain, long seq, string hash, string previous, ReadOnlyMemory<byte> bytes)
    {
        _entryChains.Add(chain);
        _entrySeqs.Add(seq);
        _entryHashes.Add(hash);
        _entryPrevious.Add(previous);
        _entryBytes.Add(bytes.ToArray());
        _size += bytes.Length;
        return hash;
    }

    // An entry may already be there, delivered beside another statement; that it is the same one was found before.
    void WriteEntries(SqlSession sql)
    {
        sql.RunRows(
            """
            INSERT INTO entries (chain, seq, hash, prev, bytes)
            SELECT d.chain, d.seq, d.hash, d.prev, d.bytes FROM rows(chain, seq, hash, prev, bytes) WHERE true
            ON CONFLICT DO NOTHING
            """,
            ("chain", _entryChains), ("seq", _entrySeqs), ("hash", _entryHashes), ("prev", _entryPrevious), ("bytes", _entryBytes));
        _entryChains.Clear();
        _entrySeqs.Clear();
        _entryHashes.Clear();
        _entryPrevious.Clear();
        _entryBytes.Clear();
    }

    void WriteStatements(SqlSession sql)
    {
        sql.RunRows(
            """
            INSERT INTO statements (chain, seq, kind, site, received, jws, receipt, receipt_hash, cameras, verdicts)
            SELECT d.chain, d.seq, d.kind, d.site, d.received, d.jws, d.receipt, d.receipt_hash, d.cameras, d.verdicts
            FROM rows(chain, seq, kind, site, received, jws, receipt, receipt_hash, cameras, verdicts);
            UPDATE chains SET head_seq = CASE WHEN head_seq < d.seq THEN d.seq ELSE head_seq END,
                              beat_seq = CASE WHEN beat_seq < d.beat THEN d.beat ELSE beat_seq END
            FROM rows(chain, seq, beat) WHERE id = d.chain;
            INSERT INTO agents (agent, site, heard) SELECT d.agent, d.site, d.received FROM rows(agent, site, received) WHERE true
            ON CONFLICT (agent) DO UPDATE SET site = excluded.site, heard = excluded.heard;
            UPDATE findings SET closed = d.received FROM rows(agent, received)
            WHERE findings.agent = d.agent AND findings.closed IS NULL AND findings.code = 'MissingHeartbeat';
            """,
            ("chain", _chains), ("seq", Each(d => d.Heartbeat.Entry.Seq)), ("beat", Each(d => d.IsTick ? 0 : d.Heartbeat.Entry.Seq)),
            ("kind", Each(d => d.Heartbeat.Entry.Type)), ("agent", Each(d => d.Heartbeat.Entry.Agent)), ("site", Each(d => d.Agent.Site)),
            ("received", Each(d => StoredText.Of(d.ReceivedAt))), ("jws", Each(d => d.Jws)), ("receipt", _receipts),
            ("receipt_hash", _receipts.ConvertAll(receipt => EntryCodec.Hash(Encoding.ASCII.GetBytes(receipt)))),
            ("cameras", Each(d => d.Opinion.Cameras)), ("verdicts", Each(d => d.Opinion.Verdicts)));
        _chains.Clear();
        _deliveries.Clear();
        _receipts.Clear();
    }

    List<T> Each<T>(Converter<DeliveredHeartbeat, T> of) => _deliveries.ConvertAll(of);
}

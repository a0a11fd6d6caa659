using System.Globalization;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using AuditServer.Databases;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>The rows behind a decision about one agent, inside a transaction in which nobody else decides about it.</summary>
sealed class EvidenceTransaction(SqlSession sql)
{
    // So many entries go in with one command; more take another round.
    const int EntriesAtOnce = 8;

    static readonly string[] AddTexts = [.. Enumerable.Range(0, EntriesAtOnce + 1).Select(AddText)];
    static readonly string EntriesText = $"INSERT INTO entries (chain, seq, hash, prev, bytes) VALUES {Rows(EntriesAtOnce)} ON CONFLICT DO NOTHING";

    public Place Look(VerifiedHeartbeat heartbeat)
    {
        var entry = heartbeat.Entry;
        using var row = sql.Read(
            """
            SELECT c.id, c.head_seq, c.beat_seq, (SELECT count(*) FROM chains WHERE agent = @agent),
                   known.hash, s.receipt, previous.hash
            FROM (SELECT 1 AS one) AS always
            LEFT JOIN chains c ON c.agent = @agent AND c.epoch = @epoch
            LEFT JOIN statements s ON s.chain = c.id AND s.seq = @seq
            LEFT JOIN entries known ON known.chain = s.chain AND known.seq = s.seq
            LEFT JOIN statements p ON p.chain = c.id AND p.seq = @after
            LEFT JOIN entries previous ON previous.chain = p.chain AND previous.seq = p.seq
            """,
            ("@agent", entry.Agent), ("@epoch", StoredText.Of(entry.Epoch)), ("@seq", entry.Seq), ("@after", heartbeat.After));
        row.Read();
        return new Place
        {
            Chain = row.IsDBNull(0) ? null : row.GetInt64(0),
            Head = row.IsDBNull(0) ? 0 : row.GetInt64(1),
            Beat = row.IsDBNull(0) ? 0 : row.GetInt64(2),
            Epochs = row.GetInt64(3),
            Known = row.IsDBNull(4) ? null : (row.GetString(4), row.GetString(5)),
            Previous = row.IsDBNull(6) ? null : row.GetString(6),
        };
    }

    /// <summary>
    /// The first stored entry that contradicts a delivered one, in words. Statements may come in any order, so the neighbours
    /// on both sides are compared too: the one before by the hash the delivery names, the one after by the hash it names itself.
    /// </summary>
    public string? FindContradiction(long chain, VerifiedHeartbeat heartbeat)
    {
        var hashes = new Dictionary<long, string> { [heartbeat.After] = heartbeat.AfterHash, [heartbeat.Entry.Seq] = heartbeat.EntryHash };
        for (var i = 0; i < heartbeat.Between.Length; i++)
            hashes[heartbeat.After + 1 + i] = EntryCodec.Hash(heartbeat.Between[i].Span);

        using var row = sql.Read(
            "SELECT seq, hash, prev FROM entries WHERE chain = @chain AND seq BETWEEN @from AND @to ORDER BY seq",
            ("@chain", chain), ("@from", heartbeat.After), ("@to", heartbeat.Entry.Seq + 1));
        while (row.Read())
        {
            var (seq, hash, previous) = (row.GetInt64(0), row.GetString(1), row.GetString(2));
            if (hashes.TryGetValue(seq, out var delivered) && delivered != hash)
                return $"The entry with seq {seq} was delivered before with hash {hash}; now it has {delivered}.";
            if (hashes.TryGetValue(seq - 1, out var before) && before != previous)
                return $"The entry with seq {seq} was delivered before and follows an entry with hash {previous}; now that one has {before}.";
        }

        return null;
    }

    /// <summary>The id of a chain nobody has heard of yet.</summary>
    public long OpenChain(string agent, Guid epoch) => Convert.ToInt64(
        sql.Scalar("INSERT INTO chains (agent, epoch, head_seq, beat_seq) VALUES (@agent, @epoch, 0, 0) RETURNING id", ("@agent", agent), ("@epoch", StoredText.Of(epoch))),
        CultureInfo.InvariantCulture);

    /// <summary>Stores a statement with its entries, its receipt and what was noticed.</summary>
    public void Add(long chain, DeliveredHeartbeat delivery, SignedReceipt receipt)
    {
        var heartbeat = delivery.Heartbeat;
        var values = new List<(string, object?)>();
        var previous = heartbeat.AfterHash;
        var seq = heartbeat.After;
        foreach (var bytes in heartbeat.Between.Append(heartbeat.EntryBytes))
        {
            if (values.Count == EntriesAtOnce * 4)
                AddEntries();
            var (n, hash) = (values.Count / 4, EntryCodec.Hash(bytes.Span));
            values.AddRange([($"@seq{n}", ++seq), ($"@hash{n}", hash), ($"@prev{n}", previous), ($"@bytes{n}", bytes.ToArray())]);
            previous = hash;
        }

        var text = AddTexts[values.Count / 4];
        values.AddRange(
        [
            ("@chain", chain), ("@seq", heartbeat.Entry.Seq), ("@beat", heartbeat.Entry.Seq), ("@kind", "heartbeat"), ("@agent", heartbeat.Entry.Agent),
            ("@site", delivery.Agent.Site), ("@received", StoredText.Of(delivery.ReceivedAt)), ("@jws", delivery.Jws), ("@receipt", receipt.Jws),
            ("@receiptHash", EntryCodec.Hash(Encoding.ASCII.GetBytes(receipt.Jws))), ("@cameras", null), ("@verdicts", null),
        ]);
        sql.Run(text, [.. values]);
        foreach (var finding in receipt.Receipt.Findings)
            AddFinding(delivery, finding.Code, finding.Message, jws: null);

        void AddEntries()
        {
            values.Add(("@chain", chain));
            sql.Run(EntriesText, [.. values]);
            values.Clear();
        }
    }

    /// <summary>Stores a finding once, however often the same thing is sent.</summary>
    public void AddFinding(DeliveredHeartbeat delivery, string code, string message, string? jws)
    {
        var entry = delivery.Heartbeat.Entry;
        sql.Run(
            """
            INSERT INTO findings (site, agent, epoch, seq, entry, code, message, received, jws)
            VALUES (@site, @agent, @epoch, @seq, @entry, @code, @message, @received, @jws) ON CONFLICT DO NOTHING
            """,
            ("@site", delivery.Agent.Site), ("@agent", entry.Agent), ("@epoch", StoredText.Of(entry.Epoch)), ("@seq", entry.Seq),
            ("@entry", delivery.Heartbeat.EntryHash), ("@code", code), ("@message", message),
            ("@received", StoredText.Of(delivery.ReceivedAt)), ("@jws", jws));
    }

    // An entry may already be there, delivered beside another statement; that it is the same one was found before.
    static string AddText(int entries) => entries == 0
        ? ""
        : $"""
        INSERT INTO entries (chain, seq, hash, prev, bytes) VALUES {Rows(entries)} ON CONFLICT DO NOTHING;
        INSERT INTO statements (chain, seq, kind, site, received, jws, receipt, receipt_hash, cameras, verdicts)
        VALUES (@chain, @seq, @kind, @site, @received, @jws, @receipt, @receiptHash, @cameras, @verdicts);
        UPDATE chains SET head_seq = CASE WHEN head_seq < @seq THEN @seq ELSE head_seq END,
                          beat_seq = CASE WHEN beat_seq < @beat THEN @beat ELSE beat_seq END
        WHERE id = @chain;
        UPDATE findings SET closed = @received WHERE agent = @agent AND closed IS NULL AND code = 'MissingHeartbeat';
        """;

    static string Rows(int count) => string.Join(", ", Enumerable.Range(0, count).Select(n => $"(@chain, @seq{n}, @hash{n}, @prev{n}, @bytes{n})"));
}

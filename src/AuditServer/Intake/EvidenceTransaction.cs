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

    /// <summary>For what belongs to the same decision and has its own tables.</summary>
    public SqlSession Sql => sql;

    public Place Look(VerifiedHeartbeat heartbeat, string? echo)
    {
        var entry = heartbeat.Entry;
        using var row = sql.Read(
            """
            SELECT c.id, c.head_seq, c.beat_seq, (SELECT count(*) FROM chains WHERE agent = @agent),
                   known.hash, s.receipt, previous.hash, beat.cameras, k.chain, k.seq,
                   (SELECT count(*) FROM statements r JOIN chains rc ON rc.id = r.chain WHERE r.receipt_hash = @echo AND rc.agent = @agent),
                   (SELECT count(*) FROM asks WHERE agent = @agent AND seq IS NULL),
                   (SELECT recorders FROM enrolments WHERE agent = @agent ORDER BY id DESC LIMIT 1)
            FROM (SELECT 1 AS one) AS always
            LEFT JOIN chains c ON c.agent = @agent AND c.epoch = @epoch
            LEFT JOIN statements s ON s.chain = c.id AND s.seq = @seq
            LEFT JOIN entries known ON known.chain = s.chain AND known.seq = s.seq
            LEFT JOIN statements p ON p.chain = c.id AND p.seq = @after
            LEFT JOIN entries previous ON previous.chain = p.chain AND previous.seq = p.seq
            LEFT JOIN statements beat ON beat.chain = c.id AND beat.seq = c.beat_seq
            LEFT JOIN agent_keys k ON k.signed_by = @kid
            """,
            ("@agent", entry.Agent), ("@epoch", StoredText.Of(entry.Epoch)), ("@seq", entry.Seq), ("@after", heartbeat.After),
            ("@kid", heartbeat.Key.Thumbprint), ("@echo", echo));
        row.Read();
        return new Place
        {
            Chain = row.IsDBNull(0) ? null : row.GetInt64(0),
            Head = row.IsDBNull(0) ? 0 : row.GetInt64(1),
            Beat = row.IsDBNull(0) ? 0 : row.GetInt64(2),
            Epochs = row.GetInt64(3),
            Known = row.IsDBNull(4) ? null : (row.GetString(4), row.GetString(5)),
            Previous = row.IsDBNull(6) ? null : row.GetString(6),
            Cameras = row.IsDBNull(7) ? null : row.GetString(7),
            Retired = row.IsDBNull(8) ? null : (row.GetInt64(8), row.GetInt64(9)),
            KnowsEcho = row.GetInt64(10) > 0,
            Asks = row.GetInt64(11) > 0,
            Recorders = row.IsDBNull(12) ? null : row.GetString(12),
        };
    }

    /// <summary>
    /// The first stored entry that contradicts a delivered one, in words. Statements may come in any order, so the neighbours
    /// on both sides are compared too: the one before by the hash the delivery names, the one after by the hash it names itself.
    /// </summary>
    public (long Seq, string Message)? FindContradiction(long chain, VerifiedHeartbeat heartbeat)
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
                return (seq, $"The entry with seq {seq} was delivered before with hash {hash}; now it has {delivered}.");
            if (hashes.TryGetValue(seq - 1, out var before) && before != previous)
                return (seq, $"The entry with seq {seq} was delivered before and follows an entry with hash {previous}; now that one has {before}.");
        }

        return null;
    }

    /// <summary>The receipt that was given for an entry: that of the first statement at or above it.</summary>
    public string? ReceiptFor(long chain, long seq) => (string?)sql.Scalar(
        "SELECT receipt FROM statements WHERE chain = @chain AND seq >= @seq ORDER BY seq LIMIT 1", ("@chain", chain), ("@seq", seq));

    /// <summary>The cameras of the agent's heartbeat before a place in a chain, or before the whole chain where it has none.</summary>
    public string? CamerasBefore(string agent, long? chain, long seq) => (string?)(
        sql.Scalar(
            "SELECT cameras FROM statements WHERE chain = @chain AND seq < @seq AND kind = 'heartbeat' ORDER BY seq DESC LIMIT 1",
            ("@chain", chain ?? 0), ("@seq", seq))
        ?? sql.Scalar(
            """
            SELECT s.cameras FROM chains c JOIN statements s ON s.chain = c.id AND s.seq = c.beat_seq
            WHERE c.agent = @agent AND c.id < @chain ORDER BY c.id DESC LIMIT 1
            """,
            ("@agent", agent), ("@chain", chain ?? long.MaxValue))) as string;

    /// <summary>What waits to be asked of an agent, oldest first, as many as one receipt holds.</summary>
    public List<(long Id, string Json)> Asks(string agent)
    {
        using var row = sql.Read("SELECT id, json FROM asks WHERE agent = @agent AND seq IS NULL ORDER BY id LIMIT @most", ("@agent", agent), ("@most", (long)ReceiptCodec.MostAsks));
        var asks = new List<(long, string)>();
        while (row.Read())
            asks.Add((row.GetInt64(0), row.GetString(1)));

        return asks;
    }

    /// <summary>An ask went out with the receipt for a statement, and goes out with no other.</summary>
    public void Issue(long ask, long chain, long seq) =>
        sql.Run("UPDATE asks SET chain = @chain, seq = @seq WHERE id = @id", ("@chain", chain), ("@seq", seq), ("@id", ask));

    /// <summary>Whether that key gave its word for another, or somewhere else, or the new one is known from elsewhere.</summary>
    public bool ContradictsRotation(long? chain, KeySuccession succession) => sql.Scalar(
        """
        SELECT count(*) FROM agent_keys
        WHERE (kid = @kid OR signed_by = @by) AND NOT (kid = @kid AND signed_by = @by AND chain = @chain AND seq = @seq)
        """,
        ("@kid", succession.New.Thumbprint), ("@by", succession.Old.Thumbprint), ("@chain", chain ?? 0), ("@seq", succession.Rotation.Seq)) is not 0L;

    /// <summary>A key introduced another. That it did not contradict itself was found before.</summary>
    public void Rotate(long chain, KeySuccession succession, DateTimeOffset received) => sql.Run(
        """
        INSERT INTO agent_keys (kid, agent, jwk, signed_by, chain, seq, received)
        VALUES (@kid, @agent, @jwk, @by, @chain, @seq, @received) ON CONFLICT DO NOTHING
        """,
        ("@kid", succession.New.Thumbprint), ("@agent", succession.Rotation.Agent), ("@jwk", succession.New.ToJson()), ("@by", succession.Old.Thumbprint),
        ("@chain", chain), ("@seq", succession.Rotation.Seq), ("@received", StoredText.Of(received)));

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
            ("@chain", chain), ("@seq", heartbeat.Entry.Seq), ("@beat", delivery.IsTick ? 0 : heartbeat.Entry.Seq), ("@kind", heartbeat.Entry.Type), ("@agent", heartbeat.Entry.Agent),
            ("@site", delivery.Agent.Site), ("@received", StoredText.Of(delivery.ReceivedAt)), ("@jws", delivery.Jws), ("@receipt", receipt.Jws),
            ("@receiptHash", EntryCodec.Hash(Encoding.ASCII.GetBytes(receipt.Jws))), ("@cameras", delivery.Opinion.Cameras), ("@verdicts", delivery.Opinion.Verdicts),
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

    /// <summary>Whether a person was told the same of this agent before.</summary>
    public bool WasFound(string agent, ReceiptFinding finding) => sql.Scalar(
        "SELECT count(*) FROM findings WHERE agent = @agent AND code = @code AND message = @message",
        ("@agent", agent), ("@code", finding.Code), ("@message", finding.Message)) is not 0L;

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
        INSERT INTO agents (agent, site, heard) VALUES (@agent, @site, @received)
        ON CONFLICT (agent) DO UPDATE SET site = excluded.site, heard = excluded.heard;
        UPDATE findings SET closed = @received WHERE agent = @agent AND closed IS NULL AND code = 'MissingHeartbeat';
        """;

    static string Rows(int count) => string.Join(", ", Enumerable.Range(0, count).Select(n => $"(@chain, @seq{n}, @hash{n}, @prev{n}, @bytes{n})"));
}

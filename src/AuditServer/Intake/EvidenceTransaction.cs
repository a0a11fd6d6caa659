using System.Globalization;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using AuditServer.Databases;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>
/// The rows behind decisions about agents, inside a transaction in which nobody else decides about them. What is decided about one agent
/// touches no row of another. So all are looked up at once, and their rows wait and are written at once: at the latest when the same
/// agent is looked at again, and before the commit.
/// </summary>
sealed class EvidenceTransaction
{
    readonly SqlSession _sql;
    readonly Dictionary<DeliveredHeartbeat, Place> _places;
    readonly AcceptedRows _waiting = new();

    /// <param name="sql">With a transaction that has begun.</param>
    /// <param name="deliveries">What will be decided about.</param>
    public EvidenceTransaction(SqlSession sql, IEnumerable<DeliveredHeartbeat> deliveries) =>
        (_sql, _places) = (sql, PlaceRows.Read(sql, [.. deliveries.DistinctBy(delivery => delivery.Heartbeat.Entry.Agent)]));

    /// <summary>For what belongs to the same decision and has its own tables.</summary>
    public SqlSession Sql => _sql;

    /// <summary>Where a statement stands; to be asked before anything else about it.</summary>
    public Place Look(DeliveredHeartbeat delivery)
    {
        if (_places.Remove(delivery, out var place))
            return place;

        // Its agent was decided about since they were all looked up.
        Write();
        return PlaceRows.Read(_sql, [delivery])[delivery];
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

        using var row = _sql.Read(
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
    public string? ReceiptFor(long chain, long seq) => (string?)_sql.Scalar(
        "SELECT receipt FROM statements WHERE chain = @chain AND seq >= @seq ORDER BY seq LIMIT 1", ("@chain", chain), ("@seq", seq));

    /// <summary>The cameras of the agent's last heartbeat before a place in a chain, or before the whole chain, that could be read.</summary>
    public string? CamerasBefore(string agent, long? chain, long seq) => (string?)(
        _sql.Scalar(
            "SELECT cameras FROM statements WHERE chain = @chain AND seq < @seq AND kind = 'heartbeat' AND cameras IS NOT NULL ORDER BY seq DESC LIMIT 1",
            ("@chain", chain ?? 0), ("@seq", seq))
        ?? _sql.Scalar(
            """
            SELECT s.cameras FROM chains c JOIN statements s ON s.chain = c.id
            WHERE c.agent = @agent AND c.id < @chain AND s.kind = 'heartbeat' AND s.cameras IS NOT NULL ORDER BY c.id DESC, s.seq DESC LIMIT 1
            """,
            ("@agent", agent), ("@chain", chain ?? long.MaxValue))) as string;

    /// <summary>What waits to be asked of an agent, oldest first, as many as one receipt holds.</summary>
    public List<(long Id, string Json)> Asks(string agent)
    {
        using var row = _sql.Read("SELECT id, json FROM asks WHERE agent = @agent AND seq IS NULL ORDER BY id LIMIT @most", ("@agent", agent), ("@most", (long)ReceiptCodec.MostAsks));
        var asks = new List<(long, string)>();
        while (row.Read())
            asks.Add((row.GetInt64(0), row.GetString(1)));

        return asks;
    }

    /// <summary>An ask went out with the receipt for a statement, and goes out with no other.</summary>
    public void Issue(long ask, long chain, long seq) =>
        _sql.Run("UPDATE asks SET chain = @chain, seq = @seq WHERE id = @id", ("@chain", chain), ("@seq", seq), ("@id", ask));

    /// <summary>Whether that key gave its word for another, or somewhere else, or the new one is known from elsewhere.</summary>
    public bool ContradictsRotation(long? chain, KeySuccession succession) => _sql.Scalar(
        """
        SELECT count(*) FROM agent_keys
        WHERE (kid = @kid OR signed_by = @by) AND NOT (kid = @kid AND signed_by = @by AND chain = @chain AND seq = @seq)
        """,
        ("@kid", succession.New.Thumbprint), ("@by", succession.Old.Thumbprint), ("@chain", chain ?? 0), ("@seq", succession.Rotation.Seq)) is not 0L;

    /// <summary>A key introduced another. That it did not contradict itself was found before.</summary>
    public void Rotate(long chain, KeySuccession succession, DateTimeOffset received) => _sql.Run(
        """
        INSERT INTO agent_keys (kid, agent, jwk, signed_by, chain, seq, received)
        VALUES (@kid, @agent, @jwk, @by, @chain, @seq, @received) ON CONFLICT DO NOTHING
        """,
        ("@kid", succession.New.Thumbprint), ("@agent", succession.Rotation.Agent), ("@jwk", succession.New.ToJson()), ("@by", succession.Old.Thumbprint),
        ("@chain", chain), ("@seq", succession.Rotation.Seq), ("@received", StoredText.Of(received)));

    /// <summary>The id of a chain nobody has heard of yet.</summary>
    public long OpenChain(string agent, Guid epoch) => Convert.ToInt64(
        _sql.Scalar("INSERT INTO chains (agent, epoch, head_seq, beat_seq) VALUES (@agent, @epoch, 0, 0) RETURNING id", ("@agent", agent), ("@epoch", StoredText.Of(epoch))),
        CultureInfo.InvariantCulture);

    /// <summary>Stores a statement with its entries, its receipt and what was noticed.</summary>
    public void Add(long chain, DeliveredHeartbeat delivery, SignedReceipt receipt)
    {
        _waiting.Add(chain, delivery, receipt);
        if (_waiting.AreMany)
            Write();
    }

    /// <summary>Writes what waits; to be called before the commit.</summary>
    public void Write() => _waiting.Write(_sql);

    /// <summary>Whether a person was told the same of this agent before.</summary>
    public bool WasFound(string agent, ReceiptFinding finding) => _sql.Scalar(
        "SELECT count(*) FROM findings WHERE agent = @agent AND code = @code AND message = @message",
        ("@agent", agent), ("@code", finding.Code), ("@message", finding.Message)) is not 0L;

    /// <summary>Stores a finding once, however often the same thing is sent.</summary>
    public void AddFinding(DeliveredHeartbeat delivery, string code, string message, string? jws) => _waiting.AddFinding(delivery, code, message, jws);
}

using System.Data.Common;
using System.Text.Json;
using Agent.Evidence.Statements;
using AuditServer.Databases;

namespace AuditServer.Intake;

/// <summary>What was received and receipted, for reading, and what is asked of agents.</summary>
sealed class EvidenceStore(IEvidenceDatabase database, TimeProvider time, Serilog.ILogger log)
{
    const string StatementColumns = "s.received, e.bytes, s.receipt, s.verdicts";

    /// <summary>What is last known of every agent that was ever heard of.</summary>
    public IReadOnlyList<LatestHeartbeat> Latest()
    {
        using var sql = new SqlSession(database.Open());
        using var row = sql.Read(
            $"""
            SELECT {StatementColumns}, a.site, a.agent, a.heard, (SELECT count(*) FROM findings f WHERE f.agent = a.agent),
                   (SELECT max(f.received) FROM findings f WHERE f.agent = a.agent AND f.closed IS NULL AND f.code = 'MissingHeartbeat'),
                   (SELECT max(t.received) FROM attestations t WHERE t.agent = a.agent)
            FROM agents a
            LEFT JOIN chains c ON c.id = (SELECT max(id) FROM chains b WHERE b.agent = a.agent AND b.beat_seq > 0)
            LEFT JOIN statements s ON s.chain = c.id AND s.seq = c.beat_seq
            LEFT JOIN entries e ON e.chain = c.id AND e.seq = c.beat_seq
            """);
        var latest = new List<LatestHeartbeat>();
        while (row.Read())
            latest.Add(new LatestHeartbeat
            {
                Heartbeat = row.IsDBNull(0) ? null : Statement(row),
                Site = row.GetString(4),
                Agent = row.GetString(5),
                HeardAt = StoredText.Time(row.GetString(6)),
                Findings = row.GetInt64(7),
                MissedSince = row.IsDBNull(8) ? null : StoredText.Time(row.GetString(6)),
                AttestedAt = row.IsDBNull(9) ? null : StoredText.Time(row.GetString(9)),
            });

        return latest;
    }

    /// <summary>The statements of a site, newest first.</summary>
    /// <param name="site">The site as pinned when they came.</param>
    /// <param name="before">Where the page before this one ended; null for the newest.</param>
    /// <param name="most">How many.</param>
    public IReadOnlyList<(HistoryPlace Place, StoredStatement Statement)> History(string site, HistoryPlace? before, int most)
    {
        using var sql = new SqlSession(database.Open());
        using var row = sql.Read(
            $"""
            SELECT {StatementColumns}, s.chain, s.seq FROM statements s JOIN entries e ON e.chain = s.chain AND e.seq = s.seq
            WHERE s.site = @site AND (s.received < @received OR (s.received = @received AND (s.chain < @chain OR (s.chain = @chain AND s.seq < @seq))))
            ORDER BY s.received DESC, s.chain DESC, s.seq DESC LIMIT @most
            """,
            ("@site", site), ("@received", before?.Received ?? "9"), ("@chain", before?.Chain ?? 0), ("@seq", before?.Seq ?? 0), ("@most", (long)most));
        var history = new List<(HistoryPlace, StoredStatement)>();
        while (row.Read())
            history.Add((new HistoryPlace(row.GetString(0), row.GetInt64(4), row.GetInt64(5)), Statement(row)));

        return history;
    }

    /// <summary>The newest findings about a site, those about refused statements and about silence too.</summary>
    public IReadOnlyList<StoredFinding> Findings(string site, int most)
    {
        using var sql = new SqlSession(database.Open());
        using var row = sql.Read(
            "SELECT agent, epoch, seq, entry, code, message, received, closed FROM findings WHERE site = @site ORDER BY id DESC LIMIT @most",
            ("@site", site), ("@most", (long)most));
        var findings = new List<StoredFinding>();
        while (row.Read())
            findings.Add(new StoredFinding(
                row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5),
                StoredText.Time(row.GetString(6)), row.IsDBNull(7) ? null : StoredText.Time(row.GetString(7))));

        return findings;
    }

    /// <summary>Asks an agent something with the next receipt it gets. Asking the same id again changes nothing.</summary>
    public void Ask(string agent, Ask ask)
    {
        using var sql = new SqlSession(database.Open());
        Ask(sql, agent, ask);
    }

    /// <summary>The same, within somebody's transaction.</summary>
    /// <returns>1 when it is asked anew, otherwise 0.</returns>
    public int Ask(SqlSession sql, string agent, Ask ask) => sql.Run(
        "INSERT INTO asks (agent, ask, json, nonce, created) VALUES (@agent, @ask, @json, @nonce, @created) ON CONFLICT DO NOTHING",
        ("@agent", agent), ("@ask", ask.Id), ("@json", AskCodec.Encode(ask)), ("@nonce", (ask as AttestAsk)?.Nonce), ("@created", StoredText.Of(time.GetUtcNow())));

    /// <summary>Reads something that belongs to others.</summary>
    /// <exception cref="DbException">It cannot be read.</exception>
    public T Read<T>(Func<SqlSession, T> read)
    {
        using var sql = new SqlSession(database.Open());
        return read(sql);
    }

    /// <summary>Agents that were last heard before a time and are not missed yet.</summary>
    public IReadOnlyList<string> SilentSince(DateTimeOffset before)
    {
        using var sql = new SqlSession(database.Open());
        using var row = sql.Read(
            """
            SELECT agent FROM agents a WHERE heard < @before
            AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.agent = a.agent AND f.closed IS NULL AND f.code = 'MissingHeartbeat')
            """,
            ("@before", StoredText.Of(before)));
        var agents = new List<string>();
        while (row.Read())
            agents.Add(row.GetString(0));

        return agents;
    }

    /// <summary>Does something about one agent in a transaction of its own, for what is rare; statements go through <see cref="EvidenceWriter"/>.</summary>
    /// <exception cref="DbException">It could not be stored.</exception>
    public T Write<T>(string agent, Func<SqlSession, T> action)
    {
        using var sql = new SqlSession(database.Open());
        using var transaction = database.Begin(sql.Connection, [agent]);
        sql.Transaction = transaction;
        var result = action(sql);
        transaction.Commit();
        return result;
    }

    public bool IsReadable()
    {
        try
        {
            using var sql = new SqlSession(database.Open());
            return sql.Scalar("SELECT count(*) FROM agents") is long;
        }
        catch (DbException e)
        {
            log.Error(e, "The evidence cannot be read");
            return false;
        }
    }

    static StoredStatement Statement(DbDataReader row) => new(
        StoredText.Time(row.GetString(0)), row.GetFieldValue<byte[]>(1), row.GetString(2), row.IsDBNull(3) ? null : JsonElement.Parse(row.GetString(3)));
}

using System.Data.Common;
using Agent.Evidence.Statements;
using AuditServer.Databases;

namespace AuditServer.Intake;

/// <summary>What was received and receipted, for reading.</summary>
sealed class EvidenceStore(IEvidenceDatabase database, TimeProvider time, Serilog.ILogger log)
{
    /// <summary>The newest heartbeat of every agent's newest epoch.</summary>
    public IReadOnlyList<LatestHeartbeat> Latest()
    {
        using var sql = new SqlSession(database.Open());
        using var row = sql.Read(
            """
            SELECT s.site, c.agent, s.received, e.bytes, s.receipt, (SELECT count(*) FROM findings f WHERE f.agent = c.agent)
            FROM (SELECT agent, max(id) AS id FROM chains GROUP BY agent) newest
            JOIN chains c ON c.id = newest.id
            JOIN statements s ON s.chain = c.id AND s.seq = c.beat_seq
            JOIN entries e ON e.chain = c.id AND e.seq = c.beat_seq
            """);
        var latest = new List<LatestHeartbeat>();
        while (row.Read())
            latest.Add(new LatestHeartbeat(
                row.GetString(0), row.GetString(1), StoredText.Time(row.GetString(2)), row.GetFieldValue<byte[]>(3), row.GetString(4), row.GetInt64(5)));

        return latest;
    }

    /// <summary>Asks an agent something with the next receipt it gets. Asking the same id again changes nothing.</summary>
    public void Ask(string agent, Ask ask)
    {
        using var sql = new SqlSession(database.Open());
        sql.Run(
            "INSERT INTO asks (agent, ask, json, nonce, created) VALUES (@agent, @ask, @json, @nonce, @created) ON CONFLICT DO NOTHING",
            ("@agent", agent), ("@ask", ask.Id), ("@json", AskCodec.Encode(ask)), ("@nonce", (ask as AttestAsk)?.Nonce), ("@created", StoredText.Of(time.GetUtcNow())));
    }

    public bool IsReadable()
    {
        try
        {
            using var sql = new SqlSession(database.Open());
            return sql.Scalar("SELECT count(*) FROM chains") is long;
        }
        catch (DbException e)
        {
            log.Error(e, "The evidence cannot be read");
            return false;
        }
    }
}

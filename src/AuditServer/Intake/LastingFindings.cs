using Agent.Evidence.Chain;
using AuditServer.Databases;

namespace AuditServer.Intake;

/// <summary>Findings that no statement brings about: what should have come and did not.</summary>
static class LastingFindings
{
    /// <summary>Stores a finding about an agent as of its newest statement, of no statement when it never made one, unless the same one is open.</summary>
    /// <returns>Whether it is new.</returns>
    public static bool Add(SqlSession sql, string agent, string code, string message, DateTimeOffset now) => sql.Run(
        """
        INSERT INTO findings (site, agent, epoch, seq, entry, code, message, received)
        SELECT a.site, a.agent, coalesce(c.epoch, @epoch), coalesce(e.seq, 0), coalesce(e.hash, @hash), @code, @message, @now
        FROM agents a
        LEFT JOIN chains c ON c.id = (SELECT max(id) FROM chains WHERE agent = @agent)
        LEFT JOIN entries e ON e.chain = c.id AND e.seq = c.head_seq
        WHERE a.agent = @agent
        AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.agent = @agent AND f.code = @code AND f.message = @message AND f.closed IS NULL)
        ON CONFLICT DO NOTHING
        """,
        ("@agent", agent), ("@code", code), ("@message", message), ("@now", StoredText.Of(now)),
        ("@epoch", StoredText.Of(Guid.Empty)), ("@hash", EntryCodec.NoPrevious)) == 1;

    /// <summary>The same, unless one with this code is open.</summary>
    public static bool AddUnlessOpen(SqlSession sql, string agent, string code, string message, DateTimeOffset now) =>
        sql.Scalar("SELECT count(*) FROM findings WHERE agent = @agent AND code = @code AND closed IS NULL", ("@agent", agent), ("@code", code)) is 0L
        && Add(sql, agent, code, message, now);

    /// <summary>What was noticed is over.</summary>
    /// <returns>How many findings it was.</returns>
    public static int Close(SqlSession sql, string agent, string code, DateTimeOffset now) => sql.Run(
        "UPDATE findings SET closed = @now WHERE agent = @agent AND code = @code AND closed IS NULL", ("@now", StoredText.Of(now)), ("@agent", agent), ("@code", code));

    /// <summary>Closes what is open of a code about an agent, where the message says so.</summary>
    public static void Close(SqlSession sql, string agent, string code, string messageHas, DateTimeOffset now) => sql.Run(
        "UPDATE findings SET closed = @now WHERE agent = @agent AND code = @code AND closed IS NULL AND message LIKE @has",
        ("@agent", agent), ("@code", code), ("@has", $"%{messageHas}%"), ("@now", StoredText.Of(now)));
}

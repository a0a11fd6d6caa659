using Agent.Evidence.Chain;
using AuditServer.Databases;

namespace AuditServer.Challenging;

/// <summary>Commitments and what became of asking about them, within a transaction about one agent.</summary>
static class CommitmentRows
{
    /// <summary>Stands where an ask's id would, when a commitment was given up without asking.</summary>
    public const string NeverAsked = "-";

    const string Unanswered =
        """
        FROM commitments m JOIN asks a ON a.agent = m.agent AND a.ask = m.ask
        JOIN statements s ON s.chain = a.chain AND s.seq = a.seq JOIN agents g ON g.agent = m.agent
        WHERE m.agent = @agent AND m.outcome IS NULL AND m.asked < @asked AND s.received < @issued AND g.heard > s.received
        """;

    /// <summary>Takes a commitment in as it is, sealed. The same one again changes nothing.</summary>
    public static void Keep(SqlSession sql, long chain, string agent, LedgerEntry entry, string camera, string jwe, DateTimeOffset received) => sql.Run(
        """
        INSERT INTO commitments (chain, seq, agent, camera, jwe, received) VALUES (@chain, @seq, @agent, @camera, @jwe, @received) ON CONFLICT DO NOTHING
        """,
        ("@chain", chain), ("@seq", entry.Seq), ("@agent", agent), ("@camera", camera), ("@jwe", jwe), ("@received", StoredText.Of(received)));

    /// <summary>Agents that committed to something whose outcome is open: not asked about yet, or not answered.</summary>
    public static List<string> Agents(SqlSession sql)
    {
        var agents = new List<string>();
        using var row = sql.Read("SELECT DISTINCT agent FROM commitments WHERE outcome IS NULL");
        while (row.Read())
            agents.Add(row.GetString(0));
        return agents;
    }

    /// <summary>The commitments of an agent of which is not known yet when they are due, oldest first.</summary>
    public static List<(long Chain, long Seq, string Camera, string Jwe)> Unplaced(SqlSession sql, string agent, int most)
    {
        var found = new List<(long, long, string, string)>();
        using var row = sql.Read(
            "SELECT chain, seq, camera, jwe FROM commitments WHERE agent = @agent AND ask IS NULL AND due IS NULL ORDER BY chain, seq LIMIT @most",
            ("@agent", agent), ("@most", (long)most));
        while (row.Read())
            found.Add((row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3)));
        return found;
    }

    /// <summary>Notes between which times a commitment is to be asked about.</summary>
    public static void Place(SqlSession sql, long chain, long seq, DateTimeOffset due, DateTimeOffset expires) => sql.Run(
        "UPDATE commitments SET due = @due, expires = @expires WHERE chain = @chain AND seq = @seq AND ask IS NULL",
        ("@due", StoredText.Of(due)), ("@expires", StoredText.Of(expires)), ("@chain", chain), ("@seq", seq));

    /// <summary>Gives up what is past asking for.</summary>
    public static void Expire(SqlSession sql, string agent, DateTimeOffset now) => sql.Run(
        "UPDATE commitments SET ask = @none, asked = @now, outcome = 'expired' WHERE agent = @agent AND ask IS NULL AND expires <= @now",
        ("@none", NeverAsked), ("@now", StoredText.Of(now)), ("@agent", agent));

    /// <summary>Cameras with a commitment that is due.</summary>
    public static List<string> CamerasDue(SqlSession sql, string agent, DateTimeOffset now)
    {
        var cameras = new List<string>();
        using var row = sql.Read("SELECT DISTINCT camera FROM commitments WHERE agent = @agent AND ask IS NULL AND due <= @now", ("@agent", agent), ("@now", StoredText.Of(now)));
        while (row.Read())
            cameras.Add(row.GetString(0));
        return cameras;
    }

    /// <summary>One of a camera's commitments that are due; which, nobody can know before.</summary>
    public static (long Chain, Guid Epoch, long Seq, string Jwe)? AnyDue(SqlSession sql, string agent, string camera, DateTimeOffset now)
    {
        using var row = sql.Read(
            """
            SELECT m.chain, c.epoch, m.seq, m.jwe FROM commitments m JOIN chains c ON c.id = m.chain
            WHERE m.agent = @agent AND m.camera = @camera AND m.ask IS NULL AND m.due <= @now ORDER BY random() LIMIT 1
            """,
            ("@agent", agent), ("@camera", camera), ("@now", StoredText.Of(now)));
        return row.Read() ? (row.GetInt64(0), Guid.Parse(row.GetString(1)), row.GetInt64(2), row.GetString(3)) : null;
    }

    /// <summary>Agents that were heard since a time.</summary>
    public static List<string> HeardSince(SqlSession sql, DateTimeOffset time)
    {
        var agents = new List<string>();
        using var row = sql.Read("SELECT agent FROM agents WHERE heard >= @time", ("@time", StoredText.Of(time)));
        while (row.Read())
            agents.Add(row.GetString(0));
        return agents;
    }

    /// <summary>When the first statement of an agent was taken in; null when none was.</summary>
    public static DateTimeOffset? KnownSince(SqlSession sql, string agent) =>
        sql.Scalar("SELECT received FROM statements WHERE chain = (SELECT min(id) FROM chains WHERE agent = @agent) ORDER BY seq LIMIT 1", ("@agent", agent)) is string received
            ? StoredText.Time(received)
            : null;

    /// <summary>Whether a commitment for a camera came since a time.</summary>
    public static bool IsCommittedSince(SqlSession sql, string agent, string camera, DateTimeOffset time) => sql.Scalar(
        "SELECT count(*) FROM commitments WHERE agent = @agent AND camera = @camera AND received >= @time",
        ("@agent", agent), ("@camera", camera), ("@time", StoredText.Of(time))) is not 0L;

    /// <summary>When a camera was asked last; null for never.</summary>
    public static DateTimeOffset? LastAsked(SqlSession sql, string agent, string camera) =>
        sql.Scalar("SELECT max(asked) FROM commitments WHERE agent = @agent AND camera = @camera AND ask <> @none", ("@agent", agent), ("@camera", camera), ("@none", NeverAsked)) is string asked
            ? StoredText.Time(asked)
            : null;

    /// <summary>Notes that a commitment was asked about.</summary>
    public static void NoteAsked(SqlSession sql, long chain, long seq, string ask, DateTimeOffset at) => sql.Run(
        "UPDATE commitments SET ask = @ask, asked = @at WHERE chain = @chain AND seq = @seq AND ask IS NULL",
        ("@ask", ask), ("@at", StoredText.Of(at)), ("@chain", chain), ("@seq", seq));

    /// <summary>Notes that a commitment cannot be asked about.</summary>
    public static void GiveUp(SqlSession sql, long chain, long seq, DateTimeOffset at, string outcome) => sql.Run(
        "UPDATE commitments SET ask = @none, asked = @at, outcome = @outcome WHERE chain = @chain AND seq = @seq AND ask IS NULL",
        ("@none", NeverAsked), ("@at", StoredText.Of(at)), ("@outcome", outcome), ("@chain", chain), ("@seq", seq));

    /// <summary>The commitment an agent was asked about under this id, as long as its outcome is open.</summary>
    public static (long Chain, long Seq, string Camera, string Jwe)? Asked(SqlSession sql, string agent, string ask)
    {
        using var row = sql.Read(
            "SELECT chain, seq, camera, jwe FROM commitments WHERE agent = @agent AND ask = @ask AND (outcome IS NULL OR outcome = 'unanswered')",
            ("@agent", agent), ("@ask", ask));
        return row.Read() ? (row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3)) : null;
    }

    /// <summary>What agents of a site were asked for, newest first, and what became of it.</summary>
    public static List<StoredChallenge> AskedOf(SqlSession sql, string site, int most)
    {
        var found = new List<StoredChallenge>();
        using var row = sql.Read(
            """
            SELECT m.agent, m.camera, c.epoch, m.seq, m.asked, m.outcome FROM agents g JOIN commitments m ON m.agent = g.agent JOIN chains c ON c.id = m.chain
            WHERE g.site = @site AND m.ask <> @none ORDER BY m.asked DESC, m.chain DESC, m.seq DESC LIMIT @most
            """,
            ("@site", site), ("@none", NeverAsked), ("@most", (long)most));
        while (row.Read())
            found.Add(new StoredChallenge(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), StoredText.Time(row.GetString(4)), row.IsDBNull(5) ? null : row.GetString(5)));
        return found;
    }

    /// <summary>Notes what became of it.</summary>
    public static void Conclude(SqlSession sql, long chain, long seq, string outcome) => sql.Run(
        "UPDATE commitments SET outcome = @outcome WHERE chain = @chain AND seq = @seq",
        ("@outcome", outcome), ("@chain", chain), ("@seq", seq));

    /// <summary>
    /// Lets questions go out once more that went out before a time and were not answered, although the agent was heard since: a receipt
    /// can be kept by an agent that then falls over before it answers. A second answer to the same question changes nothing.
    /// </summary>
    public static void Repeat(SqlSession sql, string agent, DateTimeOffset before) => sql.Run(
        $"UPDATE asks SET chain = NULL, seq = NULL WHERE agent = @agent AND ask IN (SELECT m.ask {Unanswered})",
        ("@agent", agent), ("@issued", StoredText.Of(before)), ("@asked", "9"));

    /// <summary>
    /// Questions of an agent that were first asked before a time and went out last before another, and were not answered, although the
    /// agent was heard since.
    /// </summary>
    public static List<(long Chain, long Seq, string Camera, string Ask)> Overdue(SqlSession sql, string agent, DateTimeOffset asked, DateTimeOffset issued)
    {
        var found = new List<(long, long, string, string)>();
        using var row = sql.Read(
            $"SELECT m.chain, m.seq, m.camera, m.ask {Unanswered}",
            ("@agent", agent), ("@issued", StoredText.Of(issued)), ("@asked", StoredText.Of(asked)));
        while (row.Read())
            found.Add((row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3)));
        return found;
    }
}

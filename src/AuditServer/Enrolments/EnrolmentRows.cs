using System.Data.Common;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using AuditServer.Databases;

namespace AuditServer.Enrolments;

/// <summary>The rows behind enrolment; those that decide are called inside a transaction in which nobody else decides about code and agent.</summary>
static class EnrolmentRows
{
    const string Columns = "code, site, proof_key, issued, expires, wrong, spent";

    public static void Issue(SqlSession sql, IssuedCode code) => sql.Run(
        $"INSERT INTO enrolment_codes ({Columns}) VALUES (@code, @site, @key, @issued, @expires, @wrong, @spent)",
        ("@code", code.Code), ("@site", code.Site), ("@key", code.ProofKey), ("@issued", StoredText.Of(code.Issued)), ("@expires", StoredText.Of(code.Expires)),
        ("@wrong", code.Wrong), ("@spent", null));

    public static IssuedCode? Find(SqlSession sql, string code)
    {
        using var row = sql.Read($"SELECT {Columns} FROM enrolment_codes WHERE code = @code", ("@code", code));
        return row.Read() ? Read(row) : null;
    }

    /// <summary>Every code with the agent that was enrolled with it, newest first.</summary>
    public static IReadOnlyList<(IssuedCode Code, string? Agent)> List(SqlSession sql)
    {
        using var row = sql.Read(
            """
            SELECT c.code, c.site, c.proof_key, c.issued, c.expires, c.wrong, c.spent, e.agent
            FROM enrolment_codes c LEFT JOIN enrolments e ON e.code = c.code ORDER BY c.issued DESC, c.code
            """);
        var codes = new List<(IssuedCode, string?)>();
        while (row.Read())
            codes.Add((Read(row), row.IsDBNull(7) ? null : row.GetString(7)));

        return codes;
    }

    public static void CountWrong(SqlSession sql, string code) => sql.Run("UPDATE enrolment_codes SET wrong = wrong + 1 WHERE code = @code AND spent IS NULL", ("@code", code));

    /// <summary>Who was enrolled with a code, and what was answered.</summary>
    public static (string Agent, string Kid, string Answer)? SpentBy(SqlSession sql, string code)
    {
        using var row = sql.Read("SELECT agent, kid, answer FROM enrolments WHERE code = @code", ("@code", code));
        return row.Read() ? (row.GetString(0), row.GetString(1), row.GetString(2)) : null;
    }

    /// <summary>Whether an agent was enrolled for or heard from another site.</summary>
    public static bool IsElsewhere(SqlSession sql, string agent, string site) => sql.Scalar(
        "SELECT count(*) FROM (SELECT site FROM enrolments WHERE agent = @agent UNION ALL SELECT site FROM agents WHERE agent = @agent) AS known WHERE site <> @site",
        ("@agent", agent), ("@site", site)) is not 0L;

    /// <summary>Whether a key gave its word for another.</summary>
    public static bool HasSuccessor(SqlSession sql, string kid) => sql.Scalar("SELECT count(*) FROM agent_keys WHERE signed_by = @kid", ("@kid", kid)) is not 0L;

    /// <summary>The recorders of the agent's last enrolment; null when there was none.</summary>
    public static string? RecordersBefore(SqlSession sql, string agent) => (string?)sql.Scalar(
        "SELECT recorders FROM enrolments WHERE agent = @agent ORDER BY id DESC LIMIT 1", ("@agent", agent));

    /// <summary>Every key of an agent that the database knows.</summary>
    public static IReadOnlyList<string> KeysOf(SqlSession sql, string agent)
    {
        using var row = sql.Read("SELECT kid FROM enrolments WHERE agent = @agent UNION SELECT kid FROM agent_keys WHERE agent = @agent", ("@agent", agent));
        var keys = new List<string>();
        while (row.Read())
            keys.Add(row.GetString(0));

        return keys;
    }

    public static void Retire(SqlSession sql, string kid, Enrolment enrolment, DateTimeOffset now) => sql.Run(
        "INSERT INTO key_endings (kid, agent, ending, epoch, seq, ended) VALUES (@kid, @agent, 'retired', @epoch, @seq, @ended) ON CONFLICT DO NOTHING",
        ("@kid", kid), ("@agent", enrolment.Agent), ("@epoch", StoredText.Of(enrolment.Epoch)), ("@seq", enrolment.Seq), ("@ended", StoredText.Of(now)));

    /// <summary>Whether it was not revoked before.</summary>
    public static bool Revoke(SqlSession sql, string kid, string agent, DateTimeOffset now) => sql.Run(
        "INSERT INTO key_endings (kid, agent, ending, ended) VALUES (@kid, @agent, 'revoked', @ended) ON CONFLICT DO NOTHING",
        ("@kid", kid), ("@agent", agent), ("@ended", StoredText.Of(now))) > 0;

    /// <summary>Spends the code and pins the key.</summary>
    public static void Enrol(SqlSession sql, PostedEnrolment posted, string answer, DateTimeOffset now)
    {
        var enrolment = posted.Enrolment;
        sql.Run(
            """
            INSERT INTO enrolments (code, site, agent, kid, jwk, epoch, seq, recorders, received, jws, answer)
            VALUES (@code, @site, @agent, @kid, @jwk, @epoch, @seq, @recorders, @received, @jws, @answer)
            """,
            ("@code", enrolment.Code), ("@site", enrolment.Site), ("@agent", enrolment.Agent), ("@kid", enrolment.Key.Thumbprint), ("@jwk", enrolment.Key.ToJson()),
            ("@epoch", StoredText.Of(enrolment.Epoch)), ("@seq", enrolment.Seq), ("@recorders", RecorderList.Of(enrolment.Recorders)),
            ("@received", StoredText.Of(now)), ("@jws", posted.Jws), ("@answer", answer));
        // It was heard, and from here on it is missed when it says nothing.
        sql.Run(
            "INSERT INTO agents (agent, site, heard) VALUES (@agent, @site, @now) ON CONFLICT (agent) DO UPDATE SET heard = excluded.heard",
            ("@agent", enrolment.Agent), ("@site", enrolment.Site), ("@now", StoredText.Of(now)));
        sql.Run("UPDATE enrolment_codes SET spent = @now WHERE code = @code", ("@now", StoredText.Of(now)), ("@code", enrolment.Code));
    }

    /// <summary>What a person should look at. It proves itself: the request is signed, and made by somebody who holds the code.</summary>
    public static void AddFinding(SqlSession sql, PostedEnrolment posted, string site, string code, string message, DateTimeOffset now) => sql.Run(
        """
        INSERT INTO findings (site, agent, epoch, seq, entry, code, message, received, jws)
        VALUES (@site, @agent, @epoch, @seq, @entry, @code, @message, @received, @jws) ON CONFLICT DO NOTHING
        """,
        ("@site", site), ("@agent", posted.Enrolment.Agent), ("@epoch", StoredText.Of(posted.Enrolment.Epoch)), ("@seq", posted.Enrolment.Seq),
        ("@entry", EntryCodec.Hash(posted.Payload.Span)), ("@code", code), ("@message", message), ("@received", StoredText.Of(now)), ("@jws", posted.Jws));

    static IssuedCode Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2), StoredText.Time(row.GetString(3)), StoredText.Time(row.GetString(4)), row.GetInt64(5),
        row.IsDBNull(6) ? null : StoredText.Time(row.GetString(6)));
}

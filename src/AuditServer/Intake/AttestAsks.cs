using System.Security.Cryptography;
using Agent.Evidence.Statements;
using AuditServer.Databases;

namespace AuditServer.Intake;

/// <summary>Questions for a fresh attestation, which go out with a receipt.</summary>
static class AttestAsks
{
    const int NonceBytes = 24;
    const int IdBytes = 12;

    /// <summary>Asks an agent with the next receipt it gets, unless such a question waits already.</summary>
    /// <returns>Whether it is asked anew.</returns>
    public static bool Add(EvidenceStore evidence, SqlSession sql, string agent)
    {
        if (sql.Scalar("SELECT count(*) FROM asks WHERE agent = @agent AND nonce IS NOT NULL AND seq IS NULL", ("@agent", agent)) is not 0L)
            return false;

        evidence.Ask(sql, agent, new AttestAsk($"a-{Hex(IdBytes)}", Hex(NonceBytes)));
        return true;
    }

    /// <summary>When an agent was asked to attest last; null for never.</summary>
    public static DateTimeOffset? LastAsked(SqlSession sql, string agent) =>
        sql.Scalar("SELECT max(created) FROM asks WHERE agent = @agent AND nonce IS NOT NULL", ("@agent", agent)) is string created ? StoredText.Time(created) : null;

    /// <summary>
    /// Lets a question go out once more that went out before a time and was not answered, although the agent was heard since: a receipt can
    /// be kept by an agent that then falls over before it answers.
    /// </summary>
    public static int Repeat(SqlSession sql, string agent, DateTimeOffset before) => sql.Run(
        """
        UPDATE asks SET chain = NULL, seq = NULL
        WHERE agent = @agent AND nonce IS NOT NULL AND answered IS NULL
        AND EXISTS (SELECT 1 FROM statements s JOIN agents g ON g.agent = @agent
                    WHERE s.chain = asks.chain AND s.seq = asks.seq AND s.received < @before AND g.heard > s.received)
        """,
        ("@agent", agent), ("@before", StoredText.Of(before)));

    static string Hex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}

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

    static string Hex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}

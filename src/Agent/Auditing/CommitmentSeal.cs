using Agent.Evidence.Statements;
using Jose;

namespace Agent.Auditing;

/// <summary>Seals a commitment so that only the audit server can open it: compact JWE, ECDH-ES on P-256 with A256GCM.</summary>
internal static class CommitmentSeal
{
    /// <summary>The commitment, sealed. What was sealed cannot be had back from it here.</summary>
    public static string Seal(Commitment commitment, EncryptionJwk to)
    {
        using var key = to.ToKey();
        return JWE.EncryptBytes(
            CommitmentCodec.Encode(commitment), [new JweRecipient(JweAlgorithm.ECDH_ES, key)], JweEncryption.A256GCM, mode: SerializationMode.Compact);
    }
}

using Agent.Evidence.Statements;
using AuditServer.Keys;
using Jose;

namespace AuditServer.Challenging;

/// <summary>Opens what agents sealed to this server.</summary>
sealed class CommitmentSeal(EncryptionKey key)
{
    /// <summary>The commitment; null when it was not sealed to this server's key, or holds none.</summary>
    public Commitment? Open(string jwe)
    {
        try
        {
            var opened = key.Use(own => JWE.Decrypt(jwe, own, JweAlgorithm.ECDH_ES, JweEncryption.A256GCM));
            return CommitmentCodec.Decode(opened.PlaintextBytes);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library answers a header with the wrong kinds of values with whatever it stumbles over; an agent chooses that header.
            return null;
        }
    }
}

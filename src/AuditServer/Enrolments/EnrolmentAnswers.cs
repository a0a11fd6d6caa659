using System.Text;
using Agent.Evidence.Statements;
using AuditServer.Keys;

namespace AuditServer.Enrolments;

/// <summary>Writes what an agent that was taken in is told: this server's keys, proved with the code.</summary>
sealed class EnrolmentAnswers(string server, ReceiptKey receipts, EncryptionKey encryption)
{
    public string Write(Enrolment enrolment, IssuedCode code) => Encoding.UTF8.GetString(EnrolmentAnswerCodec.Encode(
        new EnrolmentAnswer
        {
            Server = server,
            Site = enrolment.Site,
            Agent = enrolment.Agent,
            Kid = enrolment.Key.Thumbprint,
            Keys = [receipts.Public],
            Encryption = encryption.Public,
        },
        code.ProofKey));
}

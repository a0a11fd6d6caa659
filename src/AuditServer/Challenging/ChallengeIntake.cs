using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using AuditServer.Databases;
using AuditServer.Intake;
using AuditServer.Receipts;

namespace AuditServer.Challenging;

/// <summary>
/// Takes from a delivery what it says about bytes: commitments are kept sealed, answers are held against what was committed to. Runs
/// within the transaction that accepts the delivery.
/// </summary>
sealed class ChallengeIntake(CommitmentSeal seal)
{
    // An entry has one encoding, so that a type stands there in these bytes or not at all.
    static readonly byte[] CommitmentMark = Encoding.ASCII.GetBytes($"\"type\":\"{EntryTypes.Commitment}\"");
    static readonly byte[] ChallengeMark = Encoding.ASCII.GetBytes($"\"type\":\"{EntryTypes.Challenge}\"");

    /// <summary>Keeps and compares.</summary>
    /// <returns>What a person should look at.</returns>
    public List<ReceiptFinding> Take(SqlSession sql, long chain, DeliveredHeartbeat delivery)
    {
        var findings = new List<ReceiptFinding>();
        foreach (var bytes in delivery.Heartbeat.Between)
            if (EntryOf(bytes, CommitmentMark, EntryTypes.Commitment) is { } commitment)
                Keep(sql, chain, commitment, delivery.ReceivedAt);
            else if (EntryOf(bytes, ChallengeMark, EntryTypes.Challenge) is { } answer && Compare(sql, answer, delivery.ReceivedAt) is { } finding)
                findings.Add(finding);

        return findings;
    }

    static LedgerEntry? EntryOf(ReadOnlyMemory<byte> bytes, byte[] mark, string type) =>
        bytes.Span.IndexOf(mark) >= 0 && EntryCodec.Decode(bytes) is var entry && entry.Type == type ? entry : null;

    static void Keep(SqlSession sql, long chain, LedgerEntry entry, DateTimeOffset received)
    {
        try
        {
            var (camera, jwe) = CommitmentCodec.DecodeBody(entry.Body);
            CommitmentRows.Keep(sql, chain, entry.Agent, entry, camera, jwe, received);
            LastingFindings.Close(sql, entry.Agent, CommitmentWatch.Missing, CommitmentWatch.NameOf(camera), received);
        }
        catch (FormatException)
        {
            // An entry this version does not understand is no fault; nothing can be asked about it.
        }
    }

    ReceiptFinding? Compare(SqlSession sql, LedgerEntry entry, DateTimeOffset received)
    {
        ChallengeAnswer answer;
        try
        {
            answer = ChallengeAnswerCodec.Decode(entry.Body);
        }
        catch (FormatException)
        {
            return null;
        }

        if (CommitmentRows.Asked(sql, entry.Agent, answer.Ask) is not { } asked || seal.Open(asked.Jwe) is not { } commitment)
            return null;

        var (outcome, finding) = Judge(answer, commitment);
        CommitmentRows.Conclude(sql, asked.Chain, asked.Seq, outcome);
        LastingFindings.Close(sql, entry.Agent, ChallengeWatch.Unanswered, ChallengeWatch.NameOf(answer.Ask), received);
        return finding;
    }

    static (string Outcome, ReceiptFinding? Finding) Judge(ChallengeAnswer answer, Commitment commitment)
    {
        var sample = commitment.Sample;
        var what = $"The footage of camera {sample.Camera} from {StoredText.Of(sample.Range.From)} to {StoredText.Of(sample.Range.To)}";
        return answer.Result switch
        {
            ChallengeResult.Answered when answer.Digest == commitment.Digest => ("passed", null),
            ChallengeResult.Answered => ("failed", new ReceiptFinding("ChallengeFailed", $"{what} no longer has the bytes that were committed to.")),
            ChallengeResult.NotFound => ("missing", new ReceiptFinding("ChallengeNotFound", $"{what} is no longer there.")),
            _ => ("unverifiable", new ReceiptFinding("ChallengeUnverifiable", $"{what} could not be looked at, or its recorder writes footage anew.")),
        };
    }
}

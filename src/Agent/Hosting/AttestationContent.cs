using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Keys;
using Agent.Ledger;
using Agent.Recorders;
using Agent.Rounds;

namespace Agent.Hosting;

/// <summary>What an attestation says: the head of the ledger, what waits, and the newest verdict of every camera, by codes.</summary>
internal sealed class AttestationContent(RoundResults results, CameraLabels labels, LedgerStore ledger, AgentIdentity identity, TimeProvider time)
{
    /// <summary>Makes and signs one.</summary>
    /// <param name="nonce">The asker's nonce; null when nobody asked.</param>
    /// <returns>A compact JWS.</returns>
    /// <exception cref="FormatException">The nonce is none.</exception>
    public string Sign(string? nonce)
    {
        // The head is read before the key is used: should the key change in between, the new one speaks of a head before its time,
        // which any reader takes.
        var head = ledger.Read.Head;
        var counts = ledger.Read.Counts;
        var latest = results.Latest;
        return identity.Key.Sign(AttestationCodec.Encode(new Attestation
        {
            Site = identity.Site,
            Agent = identity.Agent,
            Epoch = head.Epoch,
            Seq = head.Seq,
            Head = head.Hash,
            IssuedAt = time.GetUtcNow(),
            Nonce = nonce,
            Boot = BootId.Current,
            MonotonicMilliseconds = (long)time.GetElapsedTime(0).TotalMilliseconds,
            Pending = counts.Pending,
            OldestPending = counts.OldestPending,
            Receipt = ledger.Read.LastReceipt is { } receipt ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(receipt))) : null,
            // The oldest look: no verdict below is older than what is said of all.
            AsOf = latest.Count == 0 ? null : latest.Min(r => r.Outcome.LookedAt),
            Cameras = [.. latest.SelectMany(r => r.Cameras).Select(VerdictOf)],
        }), StatementTypes.Attestation);
    }

    CameraVerdict VerdictOf(CameraReport report) => new(
        labels.CodeOf(report.Recorder, report.Camera), report.Footage?.Observation.Kind ?? TrackKind.Video, report.Assessment.RequiredDays, report.Assessment.Binding.Verdict);
}

using Agent.Auditing;
using Agent.Delivery;
using Agent.Evidence.Verdicts;
using Agent.Keys;
using Agent.Ledger;
using Agent.Recorders;
using Agent.Rounds;
using Agent.Status;

namespace Agent.Hosting;

/// <summary>Takes the snapshot behind every surface from those who know.</summary>
internal sealed class StatusContent(
    AgentConfiguration configuration, RoundResults results, Measurement measurement, CameraLabels labels, LedgerStore ledger,
    AgentIdentity identity, HeartbeatRound delivery, PollListener? poll, JobTimes jobs, TimeProvider time)
{
    // A round may take its time; twice its interval and a quarter of an hour is no round at all.
    static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(15);

    readonly PlainWords _words = new(measurement.Calendar);

    public AgentStatus Take()
    {
        var now = time.GetUtcNow();
        var head = ledger.Read.Head;
        var counts = ledger.Read.Counts;
        return new AgentStatus
        {
            At = now,
            Site = identity.Site,
            Agent = identity.Agent,
            Version = AgentLife.Version,
            Key = identity.Key.Public.Thumbprint,
            Ledger = new LedgerStatus(head.Epoch, head.Seq, head.Hash, ledger.Damage is null ? LedgerHealth.Holds : LedgerHealth.Quarantined, ledger.Damage),
            Delivery = new DeliveryStatus(
                DeliveryStatus.StandingOf(configuration.Options.Upstream.Url is not null, delivery.Latest), counts.Pending, counts.OldestPending, counts.SetAside, delivery.Latest),
            Poll = poll is null ? null : new PollStatus(poll.Address, poll.CertificateFingerprint),
            Recorders = [.. configuration.Recorders.Select(r => RecorderOf(r.Id, results.Of(r.Id), now))],
            Storage = [.. RecorderStorage.Of(results.Latest).Select(s => new StorageStatus(s, StorageWords.Sentence(s), [.. StorageWords.Drops(s, measurement.Calendar)]))],
            Jobs = jobs.Look(),
            Cameras = [.. results.Latest.SelectMany(r => r.Cameras).Select(c => CameraOf(c, now))],
        };
    }

    RecorderStatus RecorderOf(string id, RoundResult? result, DateTimeOffset now) => new(
        id, result?.Outcome.LookedAt, result?.Outcome.Failed ?? false,
        [.. result?.Outcome.Problems.Where(p => !p.IsWarning || result.Outcome.Failed).Select(p => p.Code.ToString()).Distinct() ?? []],
        result is not null && IsLate(result.Outcome.LookedAt, now));

    CameraStatus CameraOf(CameraReport report, DateTimeOffset now)
    {
        var binding = report.Assessment.Binding;
        var late = IsLate(report.Evidence.LookedAt, now) && binding.Verdict != Verdict.Breached;
        return new CameraStatus(
            report.Recorder, report.Camera, labels.CodeOf(report.Recorder, report.Camera), report.Assessment.RequiredDays, report.Assignment,
            late ? Verdict.Undetermined : binding.Verdict,
            [.. binding.Reasons.Select(r => r.ToString()), .. late ? [nameof(VerdictReason.StaleLook)] : Array.Empty<string>()],
            _words.Sentence(report),
            [.. report.Findings.Select(f => f.Code.ToString()).Distinct()],
            report.Evidence.LookedAt);
    }

    bool IsLate(DateTimeOffset lookedAt, DateTimeOffset now) => now - lookedAt > LongestRound + (2 * configuration.Options.Rounds.Every);
}

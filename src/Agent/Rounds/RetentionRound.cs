using Agent.Evidence.Chain;
using Agent.Evidence.Verdicts;
using Agent.Ledger;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Recorders;
using Microsoft.Extensions.Logging;

namespace Agent.Rounds;

/// <summary>One pass over one recorder: probe, timeline, verdict, ledger. The whole story is <see cref="LookAndJudgeAsync"/>.</summary>
internal sealed class RetentionRound(
    IRecorderProbe probe, Measurement measurement, LedgerStore ledger, CameraLabels labels, RoundResults results, SightingStore sightings, ILogger<RetentionRound> log)
{
    readonly PlainWords _words = new(measurement.Calendar);

    int _running;

    /// <summary>Whether any recorder is looked at just now.</summary>
    public bool IsRunning => Volatile.Read(ref _running) > 0;

    /// <summary>Looks, judges, writes what changed into the ledger and tells the status log.</summary>
    /// <returns>Whether a verdict, or the days that bind, changed since the round before; true for a camera's first.</returns>
    /// <exception cref="LedgerWriteException">The ledger cannot be written: nothing may be claimed then.</exception>
    public async Task<bool> RunAsync(Recorder recorder, CancellationToken cancel)
    {
        Interlocked.Increment(ref _running);
        try
        {
            return await LookAndJudgeAsync(recorder, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    async Task<bool> LookAndJudgeAsync(Recorder recorder, CancellationToken cancel)
    {
        var before = results.Of(recorder.Id);
        var outcome = await probe.LookAsync(recorder, asOf: null, progress: null, cancel);
        // Before judging: a step since the newest entry must count already.
        ledger.NoteClock();
        // Before anything is claimed of it: what has gone is remembered even if the agent ends here.
        var sighted = sightings.Note(recorder, outcome, camera => measurement.DaysOf(recorder, camera));
        var cameras = measurement.Judge(recorder, outcome, sighted, ledger.Read.ClockSteps());
        cameras = WithStorage(cameras, outcome);
        var changed = cameras.Where(c => Differs(before, c)).ToList();

        foreach (var camera in changed)
            ledger.Append(EntryTypes.Verdict, RoundEntries.Verdict(camera, CodeOf(camera)));
        foreach (var (camera, finding) in cameras.SelectMany(c => Fresh(before, c).Select(f => (c, f))))
            ledger.Append(EntryTypes.Finding, RoundEntries.Finding(finding, CodeOf(camera)));
        // At this point: what is shown and sent from here on stands in the ledger.
        results.Set(recorder.Id, new RoundResult(outcome, cameras));

        foreach (var camera in cameras)
            Tell(camera);
        foreach (var problem in outcome.Problems)
            Tell(problem);
        return changed.Count > 0;
    }

    // The volume may hold the footage of other recorders too; theirs is as of their own last round.
    IReadOnlyList<CameraReport> WithStorage(IReadOnlyList<CameraReport> cameras, ProbeOutcome outcome)
    {
        var storage = RecorderStorage.Of([.. results.Latest.Where(r => r.Outcome.Recorder != outcome.Recorder), new RoundResult(outcome, cameras)])
            .FirstOrDefault(s => s.Recorder == outcome.Recorder);
        return storage is null ? cameras : [.. cameras.Select(c => c.With(storage.FindingOf(c.Camera, measurement.Calendar)))];
    }

    static bool Differs(RoundResult? before, CameraReport now) =>
        before?.Cameras.FirstOrDefault(c => c.Camera == now.Camera) is not { } then
        || (then.Assessment.RequiredDays, then.Assignment) != (now.Assessment.RequiredDays, now.Assignment)
        || !then.Assessment.Thresholds.Select(t => t.Verdict).SequenceEqual(now.Assessment.Thresholds.Select(t => t.Verdict));

    // One of each kind that the round before did not have: what stays is in every heartbeat.
    static IEnumerable<Finding> Fresh(RoundResult? before, CameraReport now)
    {
        var then = before?.Cameras.FirstOrDefault(c => c.Camera == now.Camera)?.Findings.Select(f => f.Code).ToHashSet() ?? [];
        return now.Findings.Where(f => !then.Contains(f.Code)).DistinctBy(f => f.Code);
    }

    string CodeOf(CameraReport camera) => labels.CodeOf(camera.Recorder, camera.Camera);

    void Tell(CameraReport camera)
    {
        var level = camera.Assessment.Binding.Verdict switch
        {
            Verdict.Breached => LogLevel.Error,
            Verdict.Undetermined or Verdict.Interrupted => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        log.Log(level, "{Sentence:l}", _words.Sentence(camera));
        foreach (var finding in camera.Findings)
            log.LogWarning("{Camera:l}: {Finding:l}, {Measure:l}", Printable.Text(camera.Camera), finding.Code.ToString(), finding.Measure);
    }

    void Tell(ProbeProblem problem) =>
        log.LogWarning("{Recorder:l}: {Problem:l}{Path:l}: {Message:l}", problem.Recorder, problem.Code.ToString(), problem.Path is null ? "" : $" {problem.Path}", problem.Message);
}

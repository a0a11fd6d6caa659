using System.Buffers;
using System.Text.Json;
using Agent.Evidence.Verdicts;
using Agent.Ledger;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Recorders;
using Microsoft.Extensions.Logging;

namespace Agent.Rounds;

/// <summary>One pass over one recorder: probe, timeline, verdict, ledger. The whole story is <see cref="RunAsync"/>.</summary>
internal sealed class RetentionRound(
    FilesProbe probe, Measurement measurement, LedgerStore ledger, CameraLabels labels, RoundResults results, SightingStore sightings, ILogger<RetentionRound> log)
{
    readonly PlainWords _words = new(measurement.Calendar);

    /// <summary>Looks, judges, writes what changed into the ledger and tells the status log.</summary>
    /// <returns>Whether a verdict changed since the round before; true for a camera's first.</returns>
    /// <exception cref="LedgerWriteException">The ledger cannot be written: nothing may be claimed then.</exception>
    public async Task<bool> RunAsync(Recorder recorder, CancellationToken cancel)
    {
        var before = results.Of(recorder.Id);
        var outcome = await Task.Run(() => probe.Look(recorder, asOf: null, progress: null, cancel), cancel);
        // Before judging: a step since the newest entry must count already.
        ledger.NoteClock();
        var cameras = measurement.Judge(recorder, outcome, sightings.Of(recorder.Id), ledger.Read.ClockSteps());
        sightings.Remember(recorder.Id, outcome.Cameras.Where(c => c.Segments > 0).Select(c => c.Observation.Camera), outcome.LookedAt);
        var changed = cameras.Where(c => Differs(before, c)).ToList();

        foreach (var camera in changed)
            ledger.Append("verdict", VerdictBody(camera));
        // At this point: what is shown and sent from here on stands in the ledger.
        results.Set(recorder.Id, new RoundResult(outcome, cameras));

        foreach (var camera in cameras)
            Tell(camera);
        foreach (var problem in outcome.Problems)
            Tell(problem);
        return changed.Count > 0;
    }

    static bool Differs(RoundResult? before, CameraReport now) =>
        before?.Cameras.FirstOrDefault(c => c.Camera == now.Camera) is not { } then
        || !then.Assessment.Thresholds.Select(t => t.Verdict).SequenceEqual(now.Assessment.Thresholds.Select(t => t.Verdict));

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

    /// <summary>Codes only: what enters the ledger travels.</summary>
    ReadOnlyMemory<byte> VerdictBody(CameraReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("camera", labels.CodeOf(report.Recorder, report.Camera));
            json.WriteNumber("requiredDays", report.Assessment.RequiredDays);
            json.WriteStartArray("thresholds");
            foreach (var threshold in report.Assessment.Thresholds)
            {
                json.WriteStartObject();
                json.WriteNumber("days", threshold.Days);
                json.WriteString("verdict", threshold.Verdict.ToString().ToLowerInvariant());
                json.WriteStartArray("reasons");
                foreach (var reason in threshold.Reasons)
                    json.WriteStringValue(reason.ToString());
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}

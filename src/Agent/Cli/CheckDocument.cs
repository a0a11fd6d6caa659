using System.Text.Encodings.Web;
using System.Text.Json;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Rounds;

namespace Agent.Cli;

/// <summary>The document of <c>check --json</c>: durations in seconds, times RFC 3339 UTC. Fields may be added, never renamed.</summary>
internal static class CheckDocument
{
    const int GapsShown = 200;

    // Camera names are data for programs here: Chinese stays Chinese, what JSON must escape is escaped.
    static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream output, DateTimeOffset asOf, IReadOnlyList<CameraReport> reports, IReadOnlyList<ProbeOutcome> outcomes, IReadOnlyList<RecorderStorage> storage)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("asOf", Time(asOf));
        json.WriteString("verdict", Word(ExitCodes.Overall(reports, outcomes)));
        json.WriteStartArray("cameras");
        foreach (var report in reports)
            WriteCamera(json, report);
        json.WriteEndArray();
        json.WriteStartArray("problems");
        foreach (var problem in outcomes.SelectMany(o => o.Problems))
            WriteProblem(json, problem);
        json.WriteEndArray();
        json.WriteStartArray("storage");
        foreach (var volume in storage)
            WriteStorage(json, volume);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteCamera(Utf8JsonWriter json, CameraReport report)
    {
        var a = report.Assessment;
        var evidence = report.Evidence;
        json.WriteStartObject();
        json.WriteString("camera", report.Camera);
        json.WriteString("recorder", report.Recorder);
        json.WriteString("kind", Word(report.Footage?.Observation.Kind ?? TrackKind.Video));
        json.WriteString("layout", report.Footage?.Layout);
        json.WriteString("basis", report.Footage is { } seen ? Word(seen.Observation.Basis) : null);
        WriteNumber(json, "segments", report.Footage?.Segments);
        WriteNumber(json, "bytes", report.Footage?.Bytes);
        json.WriteString("oldest", a.Oldest is { } oldest ? Time(oldest) : null);
        json.WriteString("newest", a.Newest is { } newest ? Time(newest) : null);
        WriteSeconds(json, "reachSeconds", a.Reach);
        WriteSeconds(json, "continuousAgeSeconds", a.ContinuousAge);
        WriteSeconds(json, "continuousAgeAtMostSeconds", a.ContinuousAge is null ? null : a.ContinuousAgeAtMost);
        json.WriteString("continuousSince", a.ContinuousSince is { } since ? Time(since) : null);
        json.WriteNumber("requiredDays", a.RequiredDays);
        json.WriteString("verdict", Word(a.Binding.Verdict));
        json.WriteStartArray("thresholds");
        foreach (var threshold in a.Thresholds)
            WriteThreshold(json, threshold);
        json.WriteEndArray();
        WriteGaps(json, evidence.Timeline, a);
        WriteSeconds(json, "unknownSeconds", evidence.Timeline.In(SpanState.Unknown).Length);
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
            WriteFinding(json, finding);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteThreshold(Utf8JsonWriter json, ThresholdVerdict t)
    {
        json.WriteStartObject();
        json.WriteNumber("days", t.Days);
        json.WriteString("verdict", Word(t.Verdict));
        json.WriteString("continuity", Word(t.Continuity));
        json.WriteString("retention", Word(t.Retention));
        if (t.Coverage.Ratio is { } ratio)
            json.WriteNumber("coverage", Math.Round(ratio, 4));
        else
            json.WriteNull("coverage");
        json.WriteStartArray("reasons");
        foreach (var reason in t.Reasons)
            json.WriteStringValue(reason.ToString());
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Holes between the oldest footage and now; of very many the longest are shown, in the order of time.</summary>
    static void WriteGaps(Utf8JsonWriter json, Timeline timeline, CameraAssessment a)
    {
        var gaps = a.Oldest is { } oldest ? timeline.In(SpanState.Gap).Clip(new TimeRange(oldest, a.AsOf)) : RangeSet.Empty;
        json.WriteStartArray("gaps");
        foreach (var gap in gaps.OrderByDescending(g => g.Length).Take(GapsShown).OrderBy(g => g.From))
        {
            json.WriteStartObject();
            WriteRange(json, gap);
            WriteSeconds(json, "seconds", gap.Length);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("gapsOmitted", Math.Max(0, gaps.Count - GapsShown));
    }

    static void WriteFinding(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("code", finding.Code.ToString());
        if (finding.Range is { } range)
            WriteRange(json, range);
        json.WriteString("measure", finding.Measure);
        json.WriteEndObject();
    }

    static void WriteProblem(Utf8JsonWriter json, ProbeProblem problem)
    {
        json.WriteStartObject();
        json.WriteString("recorder", problem.Recorder);
        json.WriteString("path", problem.Path);
        json.WriteString("code", problem.Code.ToString());
        json.WriteString("message", problem.Message);
        json.WriteEndObject();
    }

    static void WriteStorage(Utf8JsonWriter json, RecorderStorage storage)
    {
        json.WriteStartObject();
        json.WriteString("recorder", storage.Recorder);
        json.WriteString("volume", storage.Volume);
        json.WriteString("fileSystem", storage.FileSystem.Length > 0 ? storage.FileSystem : null);
        json.WriteString("kind", Word(storage.Kind));
        json.WriteString("state", Word(storage.State));
        json.WriteBoolean("readOnly", storage.IsReadOnly);
        json.WriteBoolean("full", storage.IsFull);
        WriteNumber(json, "capacityBytes", storage.CapacityBytes);
        WriteNumber(json, "freeBytes", storage.FreeBytes);
        WriteNumber(json, "bytesPerDay", (long?)storage.BytesPerDay);
        WriteDays(json, "holdsDays", storage.HoldsDays);
        json.WriteStartArray("cameras");
        foreach (var camera in storage.Cameras)
        {
            json.WriteStartObject();
            json.WriteString("camera", camera.Camera);
            WriteNumber(json, "bytesPerDay", (long?)camera.BytesPerDay);
            json.WriteNumber("requiredDays", camera.RequiredDays);
            json.WriteString("dropsOn", camera.DropsOn is { } drops ? Time(drops) : null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteDays(Utf8JsonWriter json, string key, double? days)
    {
        if (days is { } d)
            json.WriteNumber(key, Math.Round(d, 1));
        else
            json.WriteNull(key);
    }

    static void WriteRange(Utf8JsonWriter json, TimeRange range)
    {
        json.WriteString("from", Time(range.From));
        json.WriteString("to", Time(range.To));
    }

    static void WriteSeconds(Utf8JsonWriter json, string key, TimeSpan? span)
    {
        if (span is { } s)
            json.WriteNumber(key, Math.Round(s.TotalSeconds, 3));
        else
            json.WriteNull(key);
    }

    static void WriteNumber(Utf8JsonWriter json, string key, long? number)
    {
        if (number is { } n)
            json.WriteNumber(key, n);
        else
            json.WriteNull(key);
    }

    static string Time(DateTimeOffset instant) => instant.UtcTicks % TimeSpan.TicksPerSecond == 0
        ? instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)
        : instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

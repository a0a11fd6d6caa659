using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Rounds;

namespace Agent.Cli;

/// <summary>What <c>check</c> tells a person.</summary>
internal sealed class CheckText(TextWriter output, PlainWords words)
{
    const int HolesShown = 8;

    public void Write(DateTimeOffset asOf, IReadOnlyList<CameraReport> reports, IReadOnlyList<ProbeOutcome> outcomes, IReadOnlyList<string> storage)
    {
        foreach (var report in reports)
            Write(report);
        foreach (var problem in outcomes.SelectMany(o => o.Problems))
            output.WriteLine(problem.Path is null ? $"{problem.Code}: {problem.Message}" : $"{problem.Code}: {problem.Path}: {problem.Message}");
        foreach (var line in storage)
            output.WriteLine(line);
        var worst = ExitCodes.Overall(reports, outcomes).ToString().ToLowerInvariant();
        output.WriteLine($"{reports.Count} {(reports.Count == 1 ? "camera" : "cameras")} as of {words.When(asOf)}: {worst}. A technical measurement, not a finding of violation.");
    }

    void Write(CameraReport report)
    {
        var a = report.Assessment;
        var footage = report.Footage is { } f
            ? $"{f.Layout}, {f.Observation.Basis.ToString().ToLowerInvariant()}, {f.Segments.ToString(CultureInfo.InvariantCulture)} segments, {Size(f.Bytes)}"
            : "not seen";
        output.WriteLine($"{Printable.Text(report.Camera)}  ({footage})");
        output.WriteLine(a.Reach is { } reach
            ? $"  {PlainWords.Age(a)}, since {words.When(a.ContinuousSince ?? a.AsOf)}; oldest footage {PlainWords.Span(reach)} old"
            : $"  {PlainWords.Age(a)}");
        foreach (var threshold in a.Thresholds)
            output.WriteLine($"  {words.Threshold(report, threshold)}{(threshold.Days == a.RequiredDays ? "  [required]" : "")}");
        if (a.Oldest is { } oldest)
            WriteHoles(report.Evidence.Timeline.In(SpanState.Gap).Clip(new TimeRange(oldest, a.Newest ?? a.AsOf)));
        foreach (var finding in report.Findings)
            output.WriteLine($"  {finding.Code}: {finding.Measure}");
        output.WriteLine();
    }

    void WriteHoles(RangeSet holes)
    {
        foreach (var hole in holes.OrderByDescending(h => h.Length).Take(HolesShown).OrderBy(h => h.From))
            output.WriteLine($"  hole of {PlainWords.Span(hole.Length)}: {words.When(hole)}");
        if (holes.Count > HolesShown)
            output.WriteLine($"  and {holes.Count - HolesShown} shorter ones");
    }

    static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{(bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture)} GiB",
        >= 1L << 20 => $"{(bytes / (double)(1L << 20)).ToString("0.0", CultureInfo.InvariantCulture)} MiB",
        _ => $"{bytes.ToString(CultureInfo.InvariantCulture)} B",
    };
}

using System.Globalization;
using Agent.Evidence.Statements;
using Agent.Probing.Files;
using Agent.Status;

namespace Agent.Cli;

/// <summary>What <c>status</c> tells a person. The first line says it all, as monitoring shows only that.</summary>
internal sealed class StatusText(TextWriter output)
{
    public void Write(AgentStatus status)
    {
        var warnings = status.Warnings.ToList();
        Line($"{status.Cameras.Count} {(status.Cameras.Count == 1 ? "camera" : "cameras")}: {status.Overall.ToString().ToLowerInvariant()}{(warnings.Count == 0 ? "" : $"; {warnings[0]}")}. A technical measurement, not a finding of violation.");
        foreach (var camera in status.Cameras)
            Line($"  {camera.Sentence} [{camera.Code}]{(camera.Assignment == Assignment.Signed ? $", {camera.RequiredDays} d assigned by the authority" : "")}{(camera.Findings.Count == 0 ? "" : $"; {string.Join(", ", camera.Findings)}")}");
        foreach (var warning in warnings)
            Line($"  warning     {warning}");
        foreach (var recorder in status.Recorders)
            Line($"  recorder    {recorder.Recorder}, {(recorder.LookedAt is { } looked ? $"looked at {Time(looked)}" : "not looked at yet")}{(recorder.Failed ? ", which failed" : "")}");
        foreach (var storage in status.Storage)
            Line($"  storage     {storage.Sentence}");
        foreach (var job in status.Jobs)
            Line($"  job         {job.Job}, every {job.EverySeconds:0} s, {(job.LastRunSecondsAgo is { } ago ? $"last {ago:0} s ago" : "not run yet")}{(job.RunningSeconds is { } running ? $", running for {running:0} s" : "")}");
        Line($"  agent       {status.Agent} of site {status.Site}, version {status.Version}, key {status.Key}");
        Line($"  ledger      seq {status.Ledger.Seq} of epoch {status.Ledger.Epoch}, {status.Ledger.Head}");
        Line($"  delivery    {Words(status.Delivery.Standing)}; {status.Delivery.Pending} waiting, {status.Delivery.SetAside} set aside{(status.Delivery.Last is { } last ? $"; last sent {Time(last.At)}" : "")}");
        Line(status.Poll is { } poll ? $"  poll API    {poll.Address?.ToString() ?? "not listening"}, certificate SHA-256 {poll.CertificateSha256}" : "  poll API    off");
        Line($"  as of       {Time(status.At)}");
    }

    // Names of cameras are the recorder's: nothing of them may reach a terminal as anything but text.
    void Line(string text) => output.WriteLine(Printable.Text(text));

    static string Words(Standing standing) => standing switch
    {
        Standing.NotConfigured => "no audit server is configured",
        Standing.NotHeard => "the audit server has not been spoken to yet",
        Standing.Accepted => "the audit server accepts",
        Standing.NotEnrolled => "not enrolled",
        Standing.Revoked => "revoked",
        _ => "unclear",
    };

    static string Time(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

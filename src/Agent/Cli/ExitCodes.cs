using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Rounds;
using Agent.Status;

namespace Agent.Cli;

/// <summary>Exit codes. Those of <c>check</c> and <c>status</c> are the ones monitoring plugins use.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int Usage = 64;

    public const int AllMet = 0;
    public const int Warning = 1;
    public const int Breached = 2;
    public const int Undetermined = 3;

    /// <summary>The worst of all binding verdicts; nothing measured is Undetermined.</summary>
    public static Verdict Overall(IReadOnlyCollection<CameraReport> reports, IReadOnlyCollection<ProbeOutcome> outcomes)
    {
        var worst = reports.Count == 0 ? Verdict.Undetermined : reports.Max(r => r.Assessment.Binding.Verdict);
        return outcomes.Any(o => o.Failed) && worst < Verdict.Undetermined ? Verdict.Undetermined : worst;
    }

    /// <summary>Of a snapshot; a warning does not better a verdict.</summary>
    public static int Of(AgentStatus status) => status.Overall switch
    {
        Verdict.Breached => Breached,
        Verdict.Undetermined => Undetermined,
        Verdict.Maturing or Verdict.Interrupted => Warning,
        _ => status.Warnings.Any() || status.Cameras.Any(c => c.Findings.Count > 0) ? Warning : AllMet,
    };

    public static int Of(Verdict overall, IEnumerable<CameraReport> reports, IEnumerable<ProbeOutcome> outcomes) => overall switch
    {
        Verdict.Breached => Breached,
        Verdict.Undetermined => Undetermined,
        Verdict.Maturing or Verdict.Interrupted => Warning,
        _ => reports.Any(r => r.Findings.Any()) || outcomes.Any(o => o.Problems.Any(p => !p.IsWarning)) ? Warning : AllMet,
    };
}

using Agent.Keys;
using Quartz;

namespace Agent.Ledger;

/// <summary>
/// Looks at the whole ledger once a day, beside everything else. A fault ends the process, and the next start puts the ledger into
/// quarantine and goes on with what is left.
/// </summary>
[DisallowConcurrentExecution]
sealed class LedgerCheckJob(LedgerStore ledger, AgentIdentity identity) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await Task.Run(CheckWhole, cancellationToken);

    /// <exception cref="LedgerDamagedException">It does not hold.</exception>
    public void CheckWhole()
    {
        if (ledger.Read.Check(identity.Key.Public, identity.PublicKeys).Fault is not { } fault)
            return;
        ledger.Suspect(fault);
        throw new LedgerDamagedException(ledger.Read.File, fault);
    }
}

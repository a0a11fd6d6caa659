using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Agent.Evidence.Statements;
using AuditServer.Databases;
using AuditServer.Hosting;
using AuditServer.Intake;

namespace AuditServer.Polling;

/// <summary>
/// Asks the agents that have an address, on the server's own schedule: a fresh attestation with a nonce nobody could know before, then every
/// statement that has not come yet, through the same intake as a posted one.
/// </summary>
sealed class PollWatch(
    PollTargets targets, AttestationIntake attestations, HeartbeatIntake statements, EvidenceStore evidence, PollPlan plan, TimeProvider time, Serilog.ILogger log)
    : Watch(plan.Every, time, log)
{
    const int AtOnce = 8;
    const int NonceBytes = 24;

    // What one round fetches of one agent; the rest waits for the next.
    const int MostPages = 50;

    protected override string What => "agents are polled";

    protected override Task LookAsync(CancellationToken cancel) =>
        Parallel.ForEachAsync(targets.All(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (target, stop) => await ApartAsync(target.Agent, () => PollAsync(target, stop), stop));

    async Task PollAsync(PollTarget target, CancellationToken cancel)
    {
        try
        {
            using var client = new AgentClient(target);
            await AskAsync(client, target.Agent, cancel);
            evidence.Write(target.Agent, sql => LastingFindings.Close(sql, target.Agent, "PollFailed", Time.GetUtcNow()) + LastingFindings.Close(sql, target.Agent, "PollCertificate", Time.GetUtcNow()));
        }
        catch (PollException e)
        {
            Log.Warning("Agent {Agent} could not be asked: {Reason}", target.Agent, e.Message);
            Note(target.Agent, e);
        }
        catch (DbException e)
        {
            Log.Error(e, "Agent {Agent} cannot be asked now", target.Agent);
        }
    }

    async Task AskAsync(AgentClient client, string agent, CancellationToken cancel)
    {
        // Looked up first: what is pushed while the agent answers must not make its answer look old.
        var before = evidence.Read(sql => Heads(sql, agent));
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
        var (said, refusal) = attestations.TakeAsked(await client.AttestAsync(nonce, cancel), agent, nonce, Time.GetUtcNow());
        if (refusal is not null)
            throw new PollException($"its attestation was refused: {refusal.Code}");

        var head = before.GetValueOrDefault(StoredText.Of(said!.Epoch));
        if (said.Seq < head)
            NoteBehind(agent, said, head);
        for (var page = 0; page < MostPages; page++)
        {
            var (lines, more) = await client.StatementsAsync(said.Epoch, Math.Min(head, said.Seq), cancel);
            foreach (var line in lines)
                await statements.TakeAsync(line, cancel);

            var reached = evidence.Read(sql => Heads(sql, agent)).GetValueOrDefault(StoredText.Of(said.Epoch));
            if (!more || reached <= head)
                return;
            head = reached;
        }
    }

    // The highest statement accepted in each epoch.
    static Dictionary<string, long> Heads(SqlSession sql, string agent)
    {
        using var row = sql.Read("SELECT epoch, head_seq FROM chains WHERE agent = @agent", ("@agent", agent));
        var heads = new Dictionary<string, long>(StringComparer.Ordinal);
        while (row.Read())
            heads.Add(row.GetString(0), row.GetInt64(1));
        return heads;
    }

    void Note(string agent, PollException failure)
    {
        try
        {
            var now = Time.GetUtcNow();
            evidence.Write(agent, sql => failure.IsStranger
                ? LastingFindings.AddUnlessOpen(sql, agent, "PollCertificate", $"The agent was asked at {StoredText.Of(now)}: {failure.Message}.", now)
                : LastingFindings.AddUnlessOpen(sql, agent, "PollFailed", $"The agent was asked at {StoredText.Of(now)}: {failure.Message}.", now));
        }
        catch (DbException e)
        {
            Log.Error(e, "It cannot be stored that agent {Agent} could not be asked", agent);
        }
    }

    void NoteBehind(string agent, Attestation said, long head) => evidence.Write(agent, sql => LastingFindings.Add(sql, agent, "HeadBehind", string.Create(
        CultureInfo.InvariantCulture, $"The agent attested that its ledger of epoch {said.Epoch} ends at seq {said.Seq}; a statement with seq {head} of it was receipted before."), Time.GetUtcNow()));
}

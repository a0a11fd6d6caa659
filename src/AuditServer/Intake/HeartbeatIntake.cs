using System.Data.Common;
using Agent.Evidence.Statements;
using AuditServer.Receipts;
using AuditServer.Sites;

namespace AuditServer.Intake;

/// <summary>The whole way of a posted heartbeat or tick: read, verify, judge, store, receipt.</summary>
sealed class HeartbeatIntake(BelievedKeys keys, HeartbeatJudge judge, Acceptance acceptance, EvidenceWriter writer, TimeProvider time, Serilog.ILogger log)
{
    public async Task<IntakeOutcome> TakeAsync(ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var receivedAt = time.GetUtcNow();
        HeartbeatRequest request;
        try
        {
            request = HeartbeatRequest.Decode(body);
        }
        catch (FormatException e)
        {
            return IntakeOutcome.Refused(RefusalCode.Malformed, e.Message);
        }

        PinnedAgent? agent = null;
        HeartbeatCheck check;
        try
        {
            check = StatementVerifier.VerifyHeartbeat(request, Known);
        }
        catch (DbException e)
        {
            log.Error(e, "The keys of agents cannot be read");
            return IntakeOutcome.Refused(RefusalCode.NotStored, "The server cannot look up keys now. Send it again later.");
        }

        // Who signs with a key that was enrolled itself is believed for its own sake, whatever became of the one that introduced it.
        if (check.Heartbeat is { Rotations.IsEmpty: false } sound)
            agent = keys.Find(sound.Key.Thumbprint) ?? agent;
        if (RefusalOf(check, agent) is { } refusal)
        {
            log.Warning("Refused a statement of {Agent}: {Code}, {Reason}", agent?.Agent ?? "an unknown sender", refusal.Code, refusal.Message);
            return new IntakeOutcome(null, refusal);
        }

        var opinion = judge.Judge(check.Heartbeat!, agent!.Site);
        var delivery = new DeliveredHeartbeat(agent, check.Heartbeat!, request.Jws, receivedAt, opinion);
        return await writer.DecideAsync(new Decision(delivery, stored => acceptance.Decide(stored, delivery)), cancel);

        // The first key asked for is the one everything else rests on: the signer's, or that of a rotation inside the request.
        Jwk? Known(string kid)
        {
            var found = keys.Find(kid);
            agent ??= found;
            return found?.Key;
        }
    }

    static Refusal? RefusalOf(HeartbeatCheck check, PinnedAgent? agent)
    {
        if (check.Fault?.Kind == StatementFaultKind.BadSignature)
            return new Refusal(RefusalCode.BadSignature, check.Fault.Message);
        // At this point: a pin that was found is that of the real signer. Who is no longer believed hears nothing else.
        if (agent is { Revoked: true })
            return new Refusal(RefusalCode.RevokedKey, "The key that signed was revoked.");
        if (check.Fault is { } fault)
            return new Refusal(CodeOf(fault.Kind), fault.Message);

        return check.Heartbeat!.Entry.Agent == agent!.Agent
            ? null
            : new Refusal(RefusalCode.UnknownKey, $"The key that signed is not pinned for agent {check.Heartbeat.Entry.Agent}.");
    }

    static RefusalCode CodeOf(StatementFaultKind kind) => kind switch
    {
        StatementFaultKind.UnknownKey => RefusalCode.UnknownKey,
        StatementFaultKind.StaleKey => RefusalCode.StaleKey,
        StatementFaultKind.BadSignature => RefusalCode.BadSignature,
        StatementFaultKind.BrokenChain => RefusalCode.BrokenChain,
        _ => RefusalCode.Malformed,
    };
}

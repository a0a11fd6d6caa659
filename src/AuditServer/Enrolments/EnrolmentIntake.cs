using System.Data.Common;
using Agent.Evidence.Statements;
using AuditServer.Databases;
using AuditServer.Intake;
using AuditServer.Sites;

namespace AuditServer.Enrolments;

/// <summary>The whole way of an agent's request to be taken in: read, prove, decide, pin. Who cannot prove the code learns nothing about it.</summary>
sealed class EnrolmentIntake(
    EnrolmentAnswers answers, BelievedKeys keys, KeyEndings endings, PinnedAgents pinned, IEvidenceDatabase database, TimeProvider time, Serilog.ILogger log)
{
    /// <summary>The answer, or why there is none.</summary>
    public (string? Answer, Refusal? Refusal) Take(ReadOnlyMemory<byte> body)
    {
        var check = EnrolmentCodec.Verify(body);
        if (check.Fault is { } fault)
            return (null, new Refusal(fault.Kind == StatementFaultKind.BadSignature ? RefusalCode.BadSignature : RefusalCode.Malformed, fault.Message));

        try
        {
            var posted = check.Posted!;
            var (answer, refusal) = Decide(posted, time.GetUtcNow());
            if (refusal is not null)
                log.Warning("Agent {Agent} was not enrolled with code {Code}: {Refusal}, {Reason}", posted.Enrolment.Agent, posted.Enrolment.Code, refusal.Code, refusal.Message);
            else
                log.Information("Agent {Agent} of site {Site} is enrolled with code {Code} and key {Kid}", posted.Enrolment.Agent, posted.Enrolment.Site, posted.Enrolment.Code, posted.Enrolment.Key.Thumbprint);
            return (answer, refusal);
        }
        catch (DbException e)
        {
            log.Error(e, "An enrolment could not be stored");
            return (null, new Refusal(RefusalCode.NotStored, "The enrolment could not be stored. Try again later."));
        }
    }

    (string? Answer, Refusal? Refusal) Decide(PostedEnrolment posted, DateTimeOffset now)
    {
        var enrolment = posted.Enrolment;
        // Asked outside the transaction: what this looks at stays true, or is looked at again inside.
        var known = keys.Find(enrolment.Key.Thumbprint);

        using var sql = new SqlSession(database.Open());
        using var transaction = database.Begin(sql.Connection, [enrolment.Agent, $"code {enrolment.Code}", $"key {enrolment.Key.Thumbprint}"]);
        sql.Transaction = transaction;
        var decision = Decide(sql, posted, known, now);
        transaction.Commit();
        endings.Forget();
        return decision;
    }

    (string? Answer, Refusal? Refusal) Decide(SqlSession sql, PostedEnrolment posted, PinnedAgent? known, DateTimeOffset now)
    {
        var enrolment = posted.Enrolment;
        if (EnrolmentRows.Find(sql, enrolment.Code) is not { } code)
            return Refuse(RefusalCode.UnknownCode, "No such code was issued here.");
        if (code.IsVoid)
            return Refuse(RefusalCode.CodeVoid, "Too many proofs for this code did not hold. Ask for another code.");
        if (!EnrolmentCodec.IsProven(posted, code.ProofKey))
        {
            EnrolmentRows.CountWrong(sql, code.Code);
            return Refuse(RefusalCode.WrongProof, "The proof does not hold: the code is another one, or somebody changed the request on its way.");
        }

        if (EnrolmentRows.SpentBy(sql, code.Code) is { } spent)
            return Again(sql, posted, code, spent, now);
        if (now >= code.Expires)
            return Refuse(RefusalCode.CodeExpired, $"The code ended at {StoredText.Of(code.Expires)}.");
        if (enrolment.Site != code.Site)
            return Refuse(RefusalCode.WrongSite, "The code is for another site.");
        if (ObjectionTo(sql, enrolment, known) is { } objection)
            return (null, objection);

        var answer = answers.Write(enrolment, code);
        Pin(sql, posted, answer, now);
        return (answer, null);
    }

    // The answer may have been lost on its way; then it is given again, and nothing else happens.
    static (string? Answer, Refusal? Refusal) Again(SqlSession sql, PostedEnrolment posted, IssuedCode code, (string Agent, string Kid, string Answer) spent, DateTimeOffset now)
    {
        var kid = posted.Enrolment.Key.Thumbprint;
        if (spent.Kid == kid && spent.Agent == posted.Enrolment.Agent)
            return now < code.Expires ? (spent.Answer, null) : Refuse(RefusalCode.CodeExpired, $"The code ended at {StoredText.Of(code.Expires)}.");

        EnrolmentRows.AddFinding(sql, posted, code.Site, "CodeReused",
            $"Code {code.Code}, with which agent {spent.Agent} was enrolled at {StoredText.Of(code.Spent ?? now)}, was used a second time at {StoredText.Of(now)}, with key {kid}.", now);
        return Refuse(RefusalCode.CodeUsed, "An agent was enrolled with this code before. The second use was noted.");
    }

    Refusal? ObjectionTo(SqlSession sql, Enrolment enrolment, PinnedAgent? known)
    {
        if (EnrolmentRows.IsElsewhere(sql, enrolment.Agent, enrolment.Site) || pinned.All().Any(pin => pin.Agent == enrolment.Agent && pin.Site != enrolment.Site))
            return new Refusal(RefusalCode.AgentElsewhere, "This agent is known at another site.");
        if (known is not null && known.Agent != enrolment.Agent)
            return new Refusal(RefusalCode.AgentElsewhere, "The key belongs to another agent.");
        if (known is { Revoked: true })
            return new Refusal(RefusalCode.RevokedKey, "The key was revoked. Change it first, then enrol.");
        return known is { Retired: not null } || EnrolmentRows.HasSuccessor(sql, enrolment.Key.Thumbprint)
            ? new Refusal(RefusalCode.StaleKey, "The key was replaced by another one before. Change it first, then enrol.")
            : null;
    }

    void Pin(SqlSession sql, PostedEnrolment posted, string answer, DateTimeOffset now)
    {
        var enrolment = posted.Enrolment;
        if (EnrolmentRows.RecordersBefore(sql, enrolment.Agent) is { } before && RecorderList.Changes(before, RecorderList.Of(enrolment.Recorders)) is { Count: > 0 } changes)
            EnrolmentRows.AddFinding(sql, posted, enrolment.Site, "RecorderChanged", $"Since the agent was enrolled before: {string.Join("; ", changes)}.", now);

        var kid = enrolment.Key.Thumbprint;
        var others = EnrolmentRows.KeysOf(sql, enrolment.Agent).Concat(pinned.All().Where(pin => pin.Agent == enrolment.Agent).Select(pin => pin.Key.Thumbprint));
        foreach (var other in others.Where(other => other != kid).Distinct(StringComparer.Ordinal).ToList())
            EnrolmentRows.Retire(sql, other, enrolment, now);
        EnrolmentRows.Enrol(sql, posted, answer, now);
    }

    static (string? Answer, Refusal? Refusal) Refuse(RefusalCode code, string message) => (null, new Refusal(code, message));
}

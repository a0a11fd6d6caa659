using System.Globalization;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;
using Agent.Probing.Files;

namespace Agent.Cli;

/// <summary>Checks one signed statement and says in plain words what holds. Whatever it is given, it answers and does not throw.</summary>
internal sealed class StatementCheck(TextWriter output, PinnedKeys keys)
{
    const string Heartbeat = "heartbeat";
    const string Receipt = "receipt";

    /// <summary>A heartbeat with the entries that travel with it.</summary>
    public bool RequestHolds(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var check = StatementVerifier.VerifyHeartbeat(HeartbeatRequest.Decode(utf8), keys.Find);
            return check.Heartbeat is { } verified
                ? StatementHolds(verified.Key, verified.Entry, verified.EntryBytes, $"with {Count(verified.Between.Length, "entry", "entries")} before it, none missing or changed")
                : Fails(Heartbeat, check.Fault!.Kind.ToString(), check.Fault.Message);
        }
        catch (FormatException e)
        {
            return Fails("heartbeat request", nameof(StatementFaultKind.Malformed), e.Message);
        }
    }

    /// <summary>A compact JWS alone: a heartbeat, a tick or a receipt.</summary>
    public bool JwsHolds(string compact)
    {
        var type = Jws.TypeOf(compact);
        if (type == StatementTypes.Receipt)
            return ReceiptHolds(compact);

        var isTick = type == StatementTypes.Tick;
        var check = Jws.Verify(compact, isTick ? StatementTypes.Tick : StatementTypes.Heartbeat, keys.Find);
        if (check.Fault is { } fault)
            return Fails("statement", fault.ToString(), check.Message);

        try
        {
            var entry = EntryCodec.Decode(check.Payload);
            return entry.Type == (isTick ? EntryTypes.Tick : EntryTypes.Heartbeat)
                ? StatementHolds(check.Key!, entry, check.Payload, "without the entries before it, which were not looked at")
                : Fails(Heartbeat, nameof(StatementFaultKind.Malformed), $"What was signed is an entry of type {entry.Type}.");
        }
        catch (FormatException e)
        {
            return Fails(Heartbeat, nameof(StatementFaultKind.Malformed), e.Message);
        }
    }

    /// <summary>A receipt as a compact JWS.</summary>
    public bool ReceiptHolds(string compact)
    {
        var check = Jws.Verify(compact, StatementTypes.Receipt, keys.Find);
        if (check.Fault is { } fault)
            return Fails(Receipt, fault.ToString(), check.Message);
        try
        {
            Tell(ReceiptCodec.Decode(check.Payload), check.Key!);
            return true;
        }
        catch (FormatException e)
        {
            return Fails(Receipt, nameof(StatementFaultKind.Malformed), e.Message);
        }
    }

    bool StatementHolds(Jwk key, LedgerEntry entry, ReadOnlyMemory<byte> bytes, string delivered) =>
        entry.Type == EntryTypes.Tick ? TickHolds(key, entry, bytes, delivered) : HeartbeatHolds(key, entry, bytes, delivered);

    bool TickHolds(Jwk key, LedgerEntry entry, ReadOnlyMemory<byte> bytes, string delivered)
    {
        Tick said;
        try
        {
            said = TickCodec.Decode(entry.Body);
        }
        catch (FormatException e)
        {
            return Fails("tick", nameof(StatementFaultKind.Malformed), $"Its signature holds, but it cannot be read. {e.Message}");
        }
        if (IsForAnother(entry, said.Site) is { } another)
            return Fails("tick", nameof(StatementFaultKind.UnknownKey), another);

        Line("The tick holds: signature and chain. It carries no evidence.");
        TellPlace(key, entry, bytes, delivered, said.Site, said.After, said.Receipt);
        Line($"  outbox      {Count(said.Pending, "statement", "statements")} waited for a receipt, {said.SetAside.ToString(CultureInfo.InvariantCulture)} refused for good");
        return true;
    }

    bool HeartbeatHolds(Jwk key, LedgerEntry entry, ReadOnlyMemory<byte> bytes, string delivered)
    {
        Heartbeat said;
        try
        {
            said = HeartbeatCodec.Decode(entry.Body);
        }
        catch (FormatException e)
        {
            return Fails(Heartbeat, nameof(StatementFaultKind.Malformed), $"Its signature holds, but it cannot be read. {e.Message}");
        }
        if (IsForAnother(entry, said.Site) is { } another)
            return Fails(Heartbeat, nameof(StatementFaultKind.UnknownKey), another);

        var audit = HeartbeatAuditor.Audit(said, entry.Time);
        Line(audit.Judged switch
        {
            ServerJudgement.Agrees => "The heartbeat holds: signature, chain, and judging its evidence again gives the same verdicts.",
            ServerJudgement.Differs => "The heartbeat DOES NOT HOLD: it is signed, but judging its evidence again gives something else.",
            _ => $"The heartbeat is signed, but its evidence could not be judged again: {audit.Reason}",
        });
        TellPlace(key, entry, bytes, delivered, said.Site, said.After, said.Receipt);
        Line($"  about       {Time(said.AsOf)}");
        foreach (var camera in said.Cameras)
            Line($"  {camera.Label.Camera}: {string.Join("; ", camera.Claimed.Thresholds.Select(Words))}");
        foreach (var difference in audit.Differences)
            Line($"  differs: {difference}");
        Line($"{Count(said.Cameras.Length, "camera", "cameras")}, days counted in {said.TimeZone}. A technical measurement, not a finding of violation.");
        return audit.Judged == ServerJudgement.Agrees;
    }

    string? IsForAnother(LedgerEntry entry, string site) => keys.Agent is { } agent && (agent != entry.Agent || keys.Site != site)
        ? $"Its key is pinned for agent {agent} of site {keys.Site}, and it speaks for agent {entry.Agent} of site {site}."
        : null;

    void TellPlace(Jwk key, LedgerEntry entry, ReadOnlyMemory<byte> bytes, string delivered, string site, long after, string? receipt)
    {
        Line($"  signed by   agent {entry.Agent} of site {site}, key {key.Thumbprint} of {keys.Source}");
        Line($"  written     {Time(entry.Time)}");
        Line($"  covers      seq {after + 1} to {entry.Seq} of epoch {entry.Epoch}, {delivered}");
        Line($"  head        {EntryCodec.Hash(bytes.Span)}");
        Line($"  receipt     {(receipt is { } echo ? $"the last one the agent held has hash {echo}" : "the agent held none yet")}");
    }

    void Tell(Receipt receipt, Jwk key)
    {
        Line("The receipt holds: its signature fits. What it is a receipt for was not laid beside it.");
        Line($"  signed by   {receipt.Server}, key {key.Thumbprint} of {keys.Source}");
        Line($"  received    {Time(receipt.ReceivedAt)}, {receipt.LateSeconds.ToString(CultureInfo.InvariantCulture)} s after it was made");
        Line($"  for         seq {receipt.Seq} of epoch {receipt.Epoch}, agent {receipt.Agent} of site {receipt.Site}");
        Line($"  head        {receipt.Entry}");
        Line(receipt.Judged switch
        {
            ServerJudgement.Agrees => "  judged      the server judged the evidence again and came to the same",
            ServerJudgement.Differs => "  judged      the server judged the evidence again and came to SOMETHING ELSE",
            _ => "  judged      the server did not judge the evidence again",
        });
        foreach (var finding in receipt.Findings)
            Line($"  {finding.Code}: {finding.Message}");
    }

    bool Fails(string what, string kind, string message)
    {
        Line($"The {what} DOES NOT HOLD ({kind}): {message}");
        return false;
    }

    // What a statement holds is not ours: nothing of it may reach a terminal as anything but text.
    void Line(string text) => output.WriteLine(Printable.Text(text));

    static string Words(ThresholdClaim claim)
    {
        var rule = LegalBasis.For(claim.Days)?.ToString() ?? $"{claim.Days} d";
        var verdict = claim.Verdict.ToString().ToLowerInvariant();
        return claim.Reasons.IsEmpty ? $"{rule}: {verdict}" : $"{rule}: {verdict} ({string.Join(", ", claim.Reasons)})";
    }

    static string Count(long count, string one, string many) => $"{count.ToString(CultureInfo.InvariantCulture)} {(count == 1 ? one : many)}";

    static string Time(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

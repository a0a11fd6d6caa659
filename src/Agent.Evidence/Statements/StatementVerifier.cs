using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>Checks what two sides tell each other. Bad input is a named fault, never an exception.</summary>
public static class StatementVerifier
{
    /// <summary>The <see cref="LedgerEntry.Type"/> of a heartbeat's entry.</summary>
    public const string HeartbeatEntryType = "heartbeat";

    /// <summary>
    /// Checks the signature of a heartbeat and that nothing was cut out between the previous heartbeat and this one.
    /// </summary>
    /// <param name="request">What was received.</param>
    /// <param name="keyByKid">Looks a key up among those pinned.</param>
    /// <param name="previous">
    /// What the verifier already knows of this chain: agent and epoch, and with <see cref="ChainStart.Seq"/> and
    /// <see cref="ChainStart.Previous"/> the place and hash the first delivered entry must follow. Nothing when omitted.
    /// </param>
    /// <returns>The heartbeat with its entries, or the first fault.</returns>
    public static HeartbeatCheck VerifyHeartbeat(HeartbeatRequest request, Func<string, Jwk?> keyByKid, ChainStart? previous = null)
    {
        var jws = Jws.Verify(request.Jws, StatementTypes.Heartbeat, keyByKid);
        if (jws.Fault is not null)
            return new HeartbeatCheck(null, StatementFault.Of(jws));

        LedgerEntry entry;
        long after;
        try
        {
            entry = EntryCodec.Decode(jws.Payload);
            after = AfterOf(entry);
        }
        catch (FormatException e)
        {
            return new HeartbeatCheck(null, new StatementFault(StatementFaultKind.Malformed, e.Message));
        }

        // At this point: the signed entry is sound and names agent, epoch and range. Everything else is measured against it.
        if (ContradictionOf(entry, after, request.Entries.Count, previous) is { } contradiction)
            return new HeartbeatCheck(null, contradiction);

        var between = request.Entries.Select(text => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(text))).ToImmutableArray();
        var start = new ChainStart
        {
            Agent = entry.Agent,
            Epoch = entry.Epoch,
            Seq = after + 1,
            Previous = previous?.Previous ?? (after == 0 ? EntryCodec.NoPrevious : null),
        };
        if (ChainVerifier.FirstFault([.. between, jws.Payload], start) is { } fault)
            return new HeartbeatCheck(null, new StatementFault(StatementFaultKind.BrokenChain, fault.Message, fault));

        return new HeartbeatCheck(new VerifiedHeartbeat
        {
            Key = jws.Key!,
            Entry = entry,
            EntryBytes = jws.Payload,
            EntryHash = EntryCodec.Hash(jws.Payload.Span),
            After = after,
            AfterHash = between.IsEmpty ? entry.Previous : EntryCodec.Decode(between[0]).Previous,
            Between = between,
        }, null);
    }

    /// <summary>Checks that a receipt is signed by a pinned server key and is the one for this heartbeat.</summary>
    /// <param name="jws">The receipt as received.</param>
    /// <param name="keyByKid">Looks a server key up among those pinned.</param>
    /// <param name="heartbeat">The exact bytes of the heartbeat's entry the receipt must be for.</param>
    /// <returns>The receipt, or the first fault.</returns>
    public static ReceiptCheck VerifyReceipt(string jws, Func<string, Jwk?> keyByKid, ReadOnlyMemory<byte> heartbeat)
    {
        var check = Jws.Verify(jws, StatementTypes.Receipt, keyByKid);
        if (check.Fault is not null)
            return new ReceiptCheck(null, StatementFault.Of(check));

        try
        {
            var receipt = ReceiptCodec.Decode(check.Payload);
            var entry = EntryCodec.Decode(heartbeat);
            return receipt.Agent == entry.Agent && receipt.Epoch == entry.Epoch && receipt.Seq == entry.Seq
                && receipt.Entry == EntryCodec.Hash(heartbeat.Span)
                ? new ReceiptCheck(receipt, null)
                : new ReceiptCheck(null, new StatementFault(StatementFaultKind.WrongSubject,
                    $"The receipt is for entry {receipt.Entry} with seq {receipt.Seq} of {receipt.Agent}, not for this heartbeat."));
        }
        catch (FormatException e)
        {
            return new ReceiptCheck(null, new StatementFault(StatementFaultKind.Malformed, e.Message));
        }
    }

    static long AfterOf(LedgerEntry entry)
    {
        if (entry.Type != HeartbeatEntryType)
            throw new FormatException($"The signed ledger entry is of type {entry.Type}, not {HeartbeatEntryType}.");

        using var body = JsonDocument.Parse(entry.Body);
        return body.RootElement.TryGetProperty("after", out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var after) && after >= 0 && after < entry.Seq
            ? after
            : throw new FormatException("Heartbeat body: \"after\" is not a whole number from 0 to below the entry's own seq.");
    }

    static StatementFault? ContradictionOf(LedgerEntry entry, long after, int delivered, ChainStart? previous)
    {
        if (previous?.Agent is { } agent && entry.Agent != agent)
            return Broken($"The heartbeat is of agent {entry.Agent}, expected was {agent}.");
        if (previous?.Epoch is { } epoch && entry.Epoch != epoch)
            return Broken($"The heartbeat is of epoch {entry.Epoch}, expected was {epoch}.");
        if (previous?.Seq is { } seq && after + 1 != seq)
            return Broken($"The heartbeat covers the ledger from seq {after + 1}, expected was {seq}.");
        if (entry.Seq - after - 1 != delivered)
            return Broken($"Between seq {after} and {entry.Seq} lie {entry.Seq - after - 1} entries; {delivered} were delivered.");

        return null;

        static StatementFault Broken(string message) => new(StatementFaultKind.BrokenChain, message);
    }
}

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>Checks what two sides tell each other. Bad input is a named fault, never an exception.</summary>
public static class StatementVerifier
{
    // Clocks of two machines are never quite the same.
    static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Checks the signature of a heartbeat or tick and that nothing was cut out between the previous statement and this one. Keys that
    /// are introduced by a <c>key-rotate</c> entry among those delivered, signed by a known key, are known from there on.
    /// </summary>
    /// <param name="request">What was received.</param>
    /// <param name="keyByKid">Looks a key up among those pinned.</param>
    /// <param name="previous">
    /// What the verifier already knows of this chain: agent and epoch, and with <see cref="ChainStart.Seq"/> and
    /// <see cref="ChainStart.Previous"/> the place and hash the first delivered entry must follow. Nothing when omitted.
    /// </param>
    /// <returns>The statement with its entries, or the first fault.</returns>
    public static HeartbeatCheck VerifyHeartbeat(HeartbeatRequest request, Func<string, Jwk?> keyByKid, ChainStart? previous = null)
    {
        try
        {
            return Verify(request, keyByKid, previous);
        }
        catch (FormatException e)
        {
            return Refused(StatementFaultKind.Malformed, e.Message);
        }
    }

    /// <summary>Checks that an attestation is signed by a pinned key, is fresh, and answers the nonce.</summary>
    /// <param name="compact">The attestation as received.</param>
    /// <param name="keyByKid">Looks a key up among those pinned.</param>
    /// <param name="now">The verifier's clock.</param>
    /// <param name="nonce">The nonce the verifier gave; null when it gave none, and then none may be there.</param>
    /// <returns>The attestation, or the first fault. Whether the nonce was used before is for whoever gave it to know.</returns>
    public static AttestationCheck VerifyAttestation(string compact, Func<string, Jwk?> keyByKid, DateTimeOffset now, string? nonce)
    {
        var jws = Jws.Verify(compact, StatementTypes.Attestation, keyByKid);
        if (jws.Fault is not null)
            return new AttestationCheck(null, null, StatementFault.Of(jws));

        Attestation attestation;
        try
        {
            attestation = AttestationCodec.Decode(jws.Payload);
        }
        catch (FormatException e)
        {
            return Refuse(StatementFaultKind.Malformed, e.Message);
        }

        if (now < attestation.IssuedAt - ClockTolerance || now > attestation.IssuedAt + Attestation.Lifetime + ClockTolerance)
            return Refuse(StatementFaultKind.NotFresh, $"The attestation was made {(now - attestation.IssuedAt).TotalSeconds:0} s ago by the agent's clock; it is good for {Attestation.Lifetime.TotalSeconds:0} s.");
        return attestation.Nonce == nonce
            ? new AttestationCheck(attestation, jws.Key, null)
            : Refuse(StatementFaultKind.WrongSubject, "The attestation does not carry the nonce that was given.");

        static AttestationCheck Refuse(StatementFaultKind kind, string message) => new(null, null, new StatementFault(kind, message));
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

    static HeartbeatCheck Verify(HeartbeatRequest request, Func<string, Jwk?> keyByKid, ChainStart? previous)
    {
        ImmutableArray<ReadOnlyMemory<byte>> between = [.. request.Entries.Select(text => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(text)))];
        if (RotationsIn(between, keyByKid, out var rotations) is { } rotation)
            return new HeartbeatCheck(null, rotation);

        var isTick = Jws.TypeOf(request.Jws) == StatementTypes.Tick;
        var jws = Jws.Verify(request.Jws, isTick ? StatementTypes.Tick : StatementTypes.Heartbeat, Known);
        if (jws.Fault is not null)
            return new HeartbeatCheck(null, StatementFault.Of(jws));
        if (!rotations.IsEmpty && jws.Key != rotations[^1].New)
            return Refused(StatementFaultKind.StaleKey, "The statement is signed with a key that signed its successor in an entry before it.");

        var entry = EntryCodec.Decode(jws.Payload);
        var after = AfterOf(entry, isTick ? EntryTypes.Tick : EntryTypes.Heartbeat);

        // At this point: the signed entry is sound and names agent, epoch and range. Everything else is measured against it.
        if (ContradictionOf(entry, after, request.Entries.Count, previous) is { } contradiction)
            return new HeartbeatCheck(null, contradiction);

        var start = new ChainStart
        {
            Agent = entry.Agent,
            Epoch = entry.Epoch,
            Seq = after + 1,
            Previous = previous?.Previous ?? (after == 0 ? EntryCodec.NoPrevious : null),
        };
        var walk = new ChainWalk(start);
        var afterHash = entry.Previous;
        for (var i = 0; i < between.Length; i++)
        {
            // It is over at the first fault, and nothing is taken from what follows one.
            if (walk.Accept(between[i]) is not null)
                break;
            if (i == 0)
                afterHash = walk.Last!.Previous;
        }

        if (walk.Accept(jws.Payload, entry) is { } fault)
            return new HeartbeatCheck(null, new StatementFault(StatementFaultKind.BrokenChain, fault.Message, fault));

        return new HeartbeatCheck(new VerifiedHeartbeat
        {
            Key = jws.Key!,
            Entry = entry,
            EntryBytes = jws.Payload,
            EntryHash = walk.Head!,
            After = after,
            AfterHash = afterHash,
            Between = between,
            Rotations = rotations,
        }, null);

        Jwk? Known(string kid) => keyByKid(kid) ?? rotations.FirstOrDefault(r => r.New.Thumbprint == kid)?.New;
    }

    // A rotation is believed when a known key signed it for exactly its place, and each further one when its predecessor did. That
    // the entry really stands in the chain is seen afterwards, when the chain is walked.
    static StatementFault? RotationsIn(ImmutableArray<ReadOnlyMemory<byte>> between, Func<string, Jwk?> keyByKid, out ImmutableArray<KeySuccession> rotations)
    {
        rotations = [];
        foreach (var bytes in between)
        {
            if (bytes.Span.IndexOf(RotationMark) < 0)
                continue;
            var entry = EntryCodec.Decode(bytes);
            if (entry.Type != EntryTypes.KeyRotate)
                continue;

            var current = rotations.IsEmpty ? null : rotations[^1].New;
            var check = KeyRotationCodec.Verify(entry, kid => current is null ? keyByKid(kid) : current.Thumbprint == kid ? current : null);
            if (check.Fault is { } fault)
                return fault with { Message = $"Entry with seq {entry.Seq}: {fault.Message}" };
            rotations = rotations.Add(check.Succession!);
        }

        return null;
    }

    // An entry has one encoding, so that a type stands there in these bytes or not at all.
    static ReadOnlySpan<byte> RotationMark => "\"type\":\"key-rotate\""u8;

    static long AfterOf(LedgerEntry entry, string type)
    {
        if (entry.Type != type)
            throw new FormatException($"The signed ledger entry is of type {entry.Type}, not {type}.");

        // The entry was read strictly, so that there is one such key at most; a body may be long, and nothing else of it is needed here.
        var body = new Utf8JsonReader(entry.Body.Span);
        body.Read();
        body.Read();
        while (body.TokenType == JsonTokenType.PropertyName && !body.ValueTextEquals("after"u8))
        {
            body.Skip();
            body.Read();
        }

        // From the key to its value; at the end of the object it stays there.
        body.Read();
        if (body.TokenType == JsonTokenType.Number && body.TryGetInt64(out var after) && after >= 0 && after < entry.Seq)
            return after;

        throw new FormatException($"The body of the {type}: \"after\" is not a whole number from 0 to below the entry's own seq.");
    }

    static HeartbeatCheck Refused(StatementFaultKind kind, string message) => new(null, new StatementFault(kind, message));

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

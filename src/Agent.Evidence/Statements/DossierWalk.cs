using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// Checks a dossier: what one agent stated and what an audit server answered, in the order in which it happened, one JSON object a
/// line. A line is a heartbeat request, <c>{"receipt":…}</c>, or <c>{"attestation":…,"nonce":…|null,"at":TIME}</c>. After a fault the
/// walk is over. Source: FORMAT.md, "Dossier".
/// </summary>
/// <param name="agentKeys">Looks up the agent's keys that were pinned when the dossier began.</param>
/// <param name="serverKeys">Looks up the audit server's pinned keys.</param>
public sealed class DossierWalk(Func<string, Jwk?> agentKeys, Func<string, Jwk?> serverKeys)
{
    const string What = "Dossier line";

    readonly Dictionary<string, Jwk> _introduced = new(StringComparer.Ordinal);
    readonly Dictionary<string, KeyRotation> _retired = new(StringComparer.Ordinal);
    readonly Dictionary<(Guid Epoch, long Seq), string> _statements = [];
    readonly Dictionary<Guid, (long Seq, string Hash)> _heads = [];
    readonly List<Receipt> _ahead = [];
    readonly HashSet<string> _nonces = new(StringComparer.Ordinal);
    StatementFault? _fault;
    string? _agent;

    /// <summary>How many lines held.</summary>
    public long Count { get; private set; }

    /// <summary>Examines the next line.</summary>
    /// <param name="line">Its bytes, without the line end.</param>
    /// <returns>Null when it holds, otherwise the first fault of the dossier.</returns>
    public StatementFault? Accept(ReadOnlyMemory<byte> line)
    {
        if (_fault is not null)
            return _fault;

        try
        {
            _fault = FaultOf(line);
        }
        catch (FormatException e)
        {
            _fault = new StatementFault(StatementFaultKind.Malformed, e.Message);
        }

        if (_fault is null)
            Count++;
        return _fault;
    }

    /// <summary>Ends the dossier.</summary>
    /// <returns>Null when nothing is missing at its end, otherwise the first fault.</returns>
    public StatementFault? End() => _fault ?? (_ahead.FirstOrDefault(r => !_statements.ContainsKey((r.Epoch, r.Seq))) is { } receipt
        ? new StatementFault(StatementFaultKind.Truncated, $"The audit server receipted seq {receipt.Seq} of epoch {receipt.Epoch}; the dossier ends before it.")
        : null);

    StatementFault? FaultOf(ReadOnlyMemory<byte> line)
    {
        using var document = StrictJson.Parse(line, HeartbeatRequest.MaxBytes, What);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{What} is not a JSON object.");

        var fields = new OrderedFields(root, What);
        if (root.TryGetProperty("receipt", out _))
            return OfReceipt(Only(fields));
        return root.TryGetProperty("attestation", out _) ? OfAttestation(fields) : OfStatement(HeartbeatRequest.Decode(line));

        static string Only(OrderedFields fields)
        {
            var receipt = fields.NextString("receipt");
            fields.End();
            return receipt;
        }
    }

    StatementFault? OfStatement(HeartbeatRequest request)
    {
        var check = StatementVerifier.VerifyHeartbeat(request, KeyOf);
        if (check.Heartbeat is not { } statement)
            return check.Fault;

        var entry = statement.Entry;
        if (entry.Agent != (_agent ??= entry.Agent))
            return new StatementFault(StatementFaultKind.WrongSubject, $"The dossier is of agent {_agent}; seq {entry.Seq} is of {entry.Agent}.");
        if (_statements.TryGetValue((entry.Epoch, entry.Seq), out var known))
            return known == statement.EntryHash ? null : Fork($"Two statements with seq {entry.Seq} are signed, with hash {known} and with {statement.EntryHash}.");
        if (_retired.TryGetValue(statement.Key.Thumbprint, out var successor) && (successor.Epoch != entry.Epoch || successor.Seq < entry.Seq))
            return new StatementFault(StatementFaultKind.StaleKey, $"Seq {entry.Seq} is signed with a key that signed its successor at seq {successor.Seq}.");
        if (_heads.TryGetValue(entry.Epoch, out var head) && ContradictionOf(statement, head) is { } contradiction)
            return contradiction;

        foreach (var succession in statement.Rotations)
        {
            _retired.TryAdd(succession.Old.Thumbprint, succession.Rotation);
            _introduced[succession.New.Thumbprint] = succession.New;
        }

        _heads[entry.Epoch] = (entry.Seq, statement.EntryHash);
        _statements[(entry.Epoch, entry.Seq)] = statement.EntryHash;
        return null;
    }

    StatementFault? OfReceipt(string compact)
    {
        var jws = Jws.Verify(compact, StatementTypes.Receipt, serverKeys);
        if (jws.Fault is not null)
            return StatementFault.Of(jws);

        var receipt = ReceiptCodec.Decode(jws.Payload);
        if (!_statements.TryGetValue((receipt.Epoch, receipt.Seq), out var known))
            _ahead.Add(receipt);
        else if (known != receipt.Entry)
            return Fork($"The audit server receipted seq {receipt.Seq} with hash {receipt.Entry}; here it has {known}.");
        return null;
    }

    StatementFault? OfAttestation(OrderedFields fields)
    {
        var compact = fields.NextString("attestation");
        var nonce = fields.NextStringOrNull("nonce");
        var at = fields.NextInstant("at");
        fields.End();
        var check = StatementVerifier.VerifyAttestation(compact, KeyOf, at, nonce);
        if (check.Fault is not null)
            return check.Fault;
        if (_retired.ContainsKey(check.Key!.Thumbprint))
            return new StatementFault(StatementFaultKind.StaleKey, "The attestation is signed with a key that signed its successor before.");

        return nonce is null || _nonces.Add(nonce)
            ? null
            : new StatementFault(StatementFaultKind.Replayed, "The nonce was answered before.");
    }

    static StatementFault? ContradictionOf(VerifiedHeartbeat statement, (long Seq, string Hash) head) =>
        statement.After > head.Seq ? new StatementFault(StatementFaultKind.BrokenChain, $"The statements after seq {head.Seq} up to {statement.After} are missing.")
        : statement.After < head.Seq ? Fork($"Seq {statement.Entry.Seq} follows {statement.After}, and so does {head.Seq}.")
        : statement.AfterHash != head.Hash ? Fork($"Seq {statement.Entry.Seq} follows an entry with hash {statement.AfterHash}; the one before it has {head.Hash}.")
        : null;

    Jwk? KeyOf(string kid) => _introduced.GetValueOrDefault(kid) ?? agentKeys(kid);

    static StatementFault Fork(string message) => new(StatementFaultKind.Fork, message);
}

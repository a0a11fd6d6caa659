using Agent.Evidence.Chain;
using Agent.Evidence.Statements;

namespace Agent.Cli;

/// <summary>
/// Checks the signatures in a ledger export as far as keys are known: those that were given, and those that one of them introduced by a
/// <c>key-rotate</c> entry. A signature of an unknown key proves nothing either way.
/// </summary>
internal sealed class ExportSignatures(Func<string, Jwk?> keyByKid)
{
    readonly Dictionary<string, Jwk> _introduced = new(StringComparer.Ordinal);
    readonly Dictionary<string, KeyRotation> _retired = new(StringComparer.Ordinal);

    /// <summary>Signatures that hold.</summary>
    public long Held { get; private set; }

    /// <summary>Signatures whose key is not known.</summary>
    public long Unchecked { get; private set; }

    /// <summary>Statements without a signature.</summary>
    public long Missing { get; private set; }

    /// <summary>Notes what an entry says of keys.</summary>
    /// <returns>What is wrong with it; null when nothing is, or when nobody can tell.</returns>
    public string? FaultOf(LedgerEntry entry)
    {
        if (entry.Type != EntryTypes.KeyRotate)
            return null;

        var check = KeyRotationCodec.Verify(entry, Find);
        if (check.Succession is { } succession)
        {
            _introduced[succession.New.Thumbprint] = succession.New;
            _retired.TryAdd(succession.Old.Thumbprint, succession.Rotation);
            return null;
        }

        return check.Fault!.Kind == StatementFaultKind.UnknownKey ? null : $"the change of key in it does not hold ({check.Fault.Kind}). {check.Fault.Message}";
    }

    /// <summary>Checks the signature of a statement.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="isTick">Whether its entry is a tick.</param>
    /// <returns>What is wrong with it; null when nothing is, or when nobody can tell.</returns>
    public string? FaultOf(ExportedStatement statement, bool isTick)
    {
        if (statement.Request is not { } request)
        {
            Missing++;
            return null;
        }

        var check = Jws.Verify(request.Jws, isTick ? StatementTypes.Tick : StatementTypes.Heartbeat, Find);
        if (check.Fault == JwsFault.UnknownKey)
        {
            Unchecked++;
            return null;
        }

        if (check.Fault is { } fault)
            return $"the signature of the statement above does not hold ({fault}). {check.Message}";
        if (_retired.GetValueOrDefault(check.Key!.Thumbprint) is { } retired && retired.Epoch == statement.Epoch && retired.Seq < statement.Seq)
            return $"the statement above is signed with a key that signed its successor at seq {retired.Seq} ({StatementFaultKind.StaleKey}).";

        Held++;
        return null;
    }

    Jwk? Find(string kid) => _introduced.GetValueOrDefault(kid) ?? keyByKid(kid);
}

using Agent.Evidence.Chain;
using Agent.Evidence.Statements;

namespace Agent.Keys;

/// <summary>Which key was the current one at each place of a ledger, as its own key rotations tell.</summary>
sealed class KeyHistory
{
    readonly List<(long Until, Jwk Key)> _spans = [];

    KeyHistory()
    {
    }

    /// <summary>Why the rotations do not lead to the current key, one plain sentence; null when they do.</summary>
    public string? Fault { get; private set; }

    /// <summary>Follows the rotations of a ledger from the oldest to the newest.</summary>
    /// <param name="rotations">Entries of type <see cref="EntryTypes.KeyRotate"/>, each with its place among all entries of all epochs, oldest first.</param>
    /// <param name="current">The agent's current key, which the newest rotation must name.</param>
    /// <param name="retired">The published retired keys, among which the first must be.</param>
    public static KeyHistory Follow(IEnumerable<(long Position, LedgerEntry Entry)> rotations, Jwk current, JwkSet? retired)
    {
        var history = new KeyHistory();
        Jwk? expected = null;
        foreach (var (position, entry) in rotations)
        {
            var check = KeyRotationCodec.Verify(entry, kid => expected is null ? retired?.Find(kid) : expected.Thumbprint == kid ? expected : null);
            if (check.Fault is { } fault)
            {
                history.Fault = $"Key rotation with seq {entry.Seq}: {fault.Message}";
                return history;
            }

            history._spans.Add((position, check.Succession!.Old));
            expected = check.Succession.New;
        }

        if (expected is not null && expected != current)
            history.Fault = "The newest key rotation names another key than the agent's.";
        history._spans.Add((long.MaxValue, current));
        return history;
    }

    /// <summary>The only key that could sign at a place; the rotation itself is still signed by the old one.</summary>
    public Jwk At(long position) => _spans.First(span => position <= span.Until).Key;
}

namespace Agent.Evidence.Chain;

/// <summary>
/// Verifies a chain entry by entry, holding only the last one, so that a ledger of any length can be streamed through.
/// After a fault the walk is over: every further entry gets the same fault.
/// </summary>
/// <param name="start">What is known before the first entry.</param>
public sealed class ChainWalk(ChainStart start)
{
    string? _agent = start.Agent;
    Guid? _epoch = start.Epoch;
    long? _seq = start.Seq;
    string? _previous = start.Previous;

    /// <summary>The last entry that held; null before the first.</summary>
    public LedgerEntry? Last { get; private set; }

    /// <summary>The hash of <see cref="Last"/>, which the next entry must name; before the first entry what <see cref="ChainStart"/> says.</summary>
    public string? Head => _previous;

    /// <summary>How many entries held.</summary>
    public long Count { get; private set; }

    /// <summary>The fault that ended the walk; null as long as everything held.</summary>
    public ChainFault? Fault { get; private set; }

    /// <summary>Examines the next entry.</summary>
    /// <param name="utf8">Its exact bytes.</param>
    /// <returns>Null when it holds, otherwise the first fault of the chain.</returns>
    public ChainFault? Accept(ReadOnlyMemory<byte> utf8)
    {
        if (Fault is not null)
            return Fault;

        LedgerEntry entry;
        try
        {
            entry = EntryCodec.Decode(utf8);
        }
        catch (FormatException e)
        {
            return Fault = new ChainFault(ChainFaultKind.Malformed, Count, null, e.Message);
        }

        return Accept(utf8, entry);
    }

    /// <summary>The same for bytes that <see cref="EntryCodec.Decode"/> has read already.</summary>
    internal ChainFault? Accept(ReadOnlyMemory<byte> utf8, LedgerEntry entry)
    {
        if ((Fault ?? FaultOf(entry)) is { } fault)
            return Fault = fault;

        _agent = entry.Agent;
        _epoch = entry.Epoch;
        _seq = entry.Seq + 1;
        _previous = EntryCodec.Hash(utf8.Span);
        Last = entry;
        Count++;
        return null;
    }

    ChainFault? FaultOf(LedgerEntry entry)
    {
        if (_agent is not null && entry.Agent != _agent)
            return Break(ChainFaultKind.WrongAgent, $"it names agent {entry.Agent}, the chain is of {_agent}");
        if (_epoch is { } epoch && entry.Epoch != epoch)
            return Break(ChainFaultKind.WrongEpoch, $"it names epoch {entry.Epoch}, the chain is of {epoch}");
        if (_seq is not null && entry.Seq != _seq)
            return Break(ChainFaultKind.SequenceGap, $"{_seq} was expected here");
        if (_previous is not null && entry.Previous != _previous)
            return Break(ChainFaultKind.BrokenLink, $"it follows an entry with hash {entry.Previous}, the entry before it has {_previous}");
        if (entry.Seq == 1 != (entry.Previous == EntryCodec.NoPrevious))
            return Break(ChainFaultKind.BrokenLink, "only the first entry of an epoch follows nothing, and it must");

        return null;

        ChainFault Break(ChainFaultKind kind, string message) => new(kind, Count, entry.Seq, $"Entry with seq {entry.Seq}: {message}.");
    }
}

using System.Globalization;
using System.Text;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// Walks a ledger export line by line, in little memory: the entries of every epoch in the order of writing, after each statement its
/// signature. Chains and the links between epochs are examined here, signatures by whoever knows keys. After a fault the walk is over.
/// Source: FORMAT.md, "Ledger export".
/// </summary>
/// <param name="agent">The agent every entry must name; null when the first entry says whose ledger it is.</param>
public sealed class LedgerExportWalk(string? agent = null)
{
    readonly HashSet<Guid> _epochs = [];
    readonly List<(Guid Epoch, long From, long To)> _holes = [];
    readonly List<string> _since = [];
    string? _agent = agent;
    ChainWalk? _chain;
    LedgerExportFault? _fault;
    LedgerExportFault? _owed;
    ReadOnlyMemory<byte> _unsigned;
    long _line;
    long _sinceBytes;

    /// <summary>How many entries held.</summary>
    public long Count { get; private set; }

    /// <summary>How many epochs there are.</summary>
    public int Epochs => _epochs.Count;

    /// <summary>The last entry that held; null before the first.</summary>
    public LedgerEntry? Last => _chain?.Last;

    /// <summary>The hash of <see cref="Last"/>.</summary>
    public string? Head => _chain?.Head;

    /// <summary>Whether the first epoch here followed another one, which this export does not hold.</summary>
    public bool BeginsLater { get; private set; }

    /// <summary>The entry of the line that was examined last; null when that was a signature.</summary>
    public LedgerEntry? Entry { get; private set; }

    /// <summary>The statement that was told with the line that was examined last: signed by it, or passed over without a signature; null when none was.</summary>
    public ExportedStatement? Told { get; private set; }

    /// <summary>Something that is missing, and may yet be accounted for by the beginning of a later epoch; null when nothing is.</summary>
    public LedgerExportFault? Owed => _owed;

    /// <summary>Whether an entry is one of those that an epoch here does not hold, or would have come after the end of one.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="seq">The entry's place.</param>
    /// <returns>False also for an epoch that is not here.</returns>
    public bool Lacks(Guid epoch, long seq) => _holes.Exists(hole => hole.Epoch == epoch && hole.From <= seq && seq <= hole.To);

    /// <summary>Whether an epoch is here.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <returns>True from its first entry on.</returns>
    public bool Has(Guid epoch) => _epochs.Contains(epoch);

    /// <summary>Examines the next line.</summary>
    /// <param name="line">Its bytes, without the line end.</param>
    /// <returns>Null when it holds, otherwise the first fault of the export.</returns>
    public LedgerExportFault? Accept(ReadOnlyMemory<byte> line)
    {
        if (_fault is not null)
            return _fault;

        _line++;
        (Told, Entry) = (null, null);
        var fault = SignatureLine.IsOne(line.Span) ? OfSignature(line) : OfEntry(line);
        // What was missing before is what is wrong first.
        return _fault = fault is null ? null : _owed ?? fault;
    }

    /// <summary>Ends the export; the last statement may be <see cref="Told"/> by that.</summary>
    /// <returns>Null when nothing is missing, otherwise the first fault.</returns>
    public LedgerExportFault? End()
    {
        Told = null;
        if (_fault is not null)
            return _fault;

        PassOver(_line);
        Entry = null;
        return _fault = _owed ?? (_line == 0 ? new LedgerExportFault(1, StatementFaultKind.Malformed, "The export is empty.") : null);
    }

    LedgerExportFault? OfSignature(ReadOnlyMemory<byte> line)
    {
        if (_unsigned.IsEmpty)
            return Malformed("A signature stands here, and the line before it is no statement.");

        try
        {
            var jws = SignatureLine.Read(line, _unsigned.Span);
            if (_sinceBytes > HeartbeatRequest.MaxBytes)
                return Malformed($"Between this statement and the one before it lie more than {HeartbeatRequest.MaxBytes} bytes.");

            Tell(_line, new HeartbeatRequest(jws, [.. _since]));
            return null;
        }
        catch (FormatException e)
        {
            return Malformed(e.Message);
        }
    }

    LedgerExportFault? OfEntry(ReadOnlyMemory<byte> line)
    {
        PassOver(_line - 1);
        LedgerEntry entry;
        try
        {
            entry = EntryCodec.Decode(line);
        }
        catch (FormatException e)
        {
            return Broken(new ChainFault(ChainFaultKind.Malformed, Count, null, e.Message));
        }

        if ((Last?.Epoch == entry.Epoch ? Continue(entry) : Begin(entry)) is { } fault)
            return fault;
        if (_chain!.Accept(line, entry) is { } broken)
            return Broken(broken);

        (Entry, _agent) = (entry, entry.Agent);
        Count++;
        Keep(entry, line);
        return null;
    }

    LedgerExportFault? Continue(LedgerEntry entry)
    {
        var expected = _chain!.Last!.Seq + 1;
        if (entry.Seq > expected)
            Miss(entry, expected);
        return null;
    }

    LedgerExportFault? Begin(LedgerEntry entry)
    {
        if (!_epochs.Add(entry.Epoch))
            return new LedgerExportFault(_line, StatementFaultKind.BrokenChain, $"Epoch {entry.Epoch} was over, and here it goes on.");

        var link = entry.Seq == 1 ? EpochLink.Of(entry) : null;
        if (_chain?.Last is not { } before)
            BeginsLater = link is not null;
        else if (link is null)
            Owe($"Epoch {entry.Epoch} begins with seq {entry.Seq} of type {entry.Type}, where its gap belongs, which says how the epoch before it ended.");
        else if (link.Salvaged == Count)
            _owed = null; // What is missing above was missing then.
        else
            Owe(string.Create(CultureInfo.InvariantCulture, $"The gap says that {link.Salvaged} entries were there before it; here are {Count}."));

        if (_chain?.Last is { } end)
            _holes.Add((end.Epoch, end.Seq + 1, long.MaxValue));
        if (link is not null && _chain is not null && !Follows(link))
            return new LedgerExportFault(_line, StatementFaultKind.BrokenChain, $"The gap says that epoch {link.Epoch} ended with seq {link.Seq} and hash {link.Hash}; that is not the entry above.");

        _chain = new ChainWalk(ChainStart.Anywhere with { Agent = _agent });
        _since.Clear();
        _sinceBytes = 0;
        if (entry.Seq > 1)
            Miss(entry, 1);
        return null;
    }

    // An epoch of which nothing is left has no entry here. What was cut off since by another damage a later gap accounts for.
    bool Follows(EpochLink link) => link.Seq == 0 ? !_epochs.Contains(link.Epoch)
        : _owed is not null || (link.Epoch == _chain!.Last!.Epoch && link.Seq == _chain.Last.Seq && link.Hash == _chain.Head);

    void Miss(LedgerEntry entry, long expected)
    {
        _holes.Add((entry.Epoch, expected, entry.Seq - 1));
        _owed ??= Broken(new ChainFault(ChainFaultKind.SequenceGap, Count, entry.Seq, $"Entry with seq {entry.Seq}: {expected} was expected here."));
        _chain = new ChainWalk(ChainStart.Anywhere with { Agent = _agent, Epoch = entry.Epoch });
    }

    void Owe(string message) => _owed ??= new LedgerExportFault(_line, StatementFaultKind.BrokenChain, message);

    void Keep(LedgerEntry entry, ReadOnlyMemory<byte> line)
    {
        if (entry.Type is EntryTypes.Heartbeat or EntryTypes.Tick)
        {
            _unsigned = line;
            return;
        }

        // A ledger that nobody wrote must not fill the memory; no statement can tell of so much.
        _sinceBytes += line.Length;
        if (_sinceBytes <= HeartbeatRequest.MaxBytes)
            _since.Add(Encoding.UTF8.GetString(line.Span));
    }

    void PassOver(long line)
    {
        if (!_unsigned.IsEmpty)
            Tell(line, request: null);
    }

    void Tell(long line, HeartbeatRequest? request)
    {
        Told = new ExportedStatement(line, Last!.Epoch, Last.Seq, request);
        _since.Clear();
        (_unsigned, _sinceBytes) = (default, 0);
    }

    LedgerExportFault Malformed(string message) => new(_line, StatementFaultKind.Malformed, message);

    LedgerExportFault Broken(ChainFault fault) =>
        new(_line, fault.Kind == ChainFaultKind.Malformed ? StatementFaultKind.Malformed : StatementFaultKind.BrokenChain, fault.Message, fault);
}

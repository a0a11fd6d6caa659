using System.Globalization;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Probing.Files;

namespace Agent.Cli;

/// <summary>
/// Walks an exported ledger line by line, in little memory, and names the first line that does not hold. What nails it down from outside
/// are the signatures of the agent and the audit server's receipts in it, each of which names the hash of a statement.
/// </summary>
internal sealed class LedgerExportCheck(TextWriter output, PinnedKeys keys)
{
    // An entry, and what Windows puts before the end of a line.
    const int LongestLine = EntryCodec.MaxBytes + 1;

    readonly LedgerExportWalk _walk = new(keys.Agent);
    readonly ExportSignatures _signatures = new(keys.Find);
    readonly Dictionary<(Guid Epoch, long Seq), string> _statements = [];
    Receipt? _newest;
    long _held;
    long _elsewhere;
    long _unchecked;
    bool _isTick;
    DateTimeOffset? _first;

    public async Task<bool> HoldsAsync(Stream export, CancellationToken cancel)
    {
        var line = 0L;
        await foreach (var (bytes, cut) in Lines.ReadAsync(export, LongestLine, cancel))
        {
            line++;
            var expected = (_walk.Last?.Seq ?? 0) + 1;
            if (_walk.Accept(bytes) is { } fault)
                return Fails(fault, expected, isCut: cut && fault.Line == line);
            if (FaultAt() is { } wrong)
                return _walk.Owed is { } owed ? Fails(owed, expected, isCut: false) : Fails(line, $"seq {_walk.Last!.Seq}", wrong);
            Note();
        }

        if (line == 0)
            return Fails(1, "where seq 1 belongs", "the file is empty.");
        if (_walk.End() is { } missing)
            return Fails(missing, 0, isCut: false);
        if (_walk.Told is { } last)
            _signatures.FaultOf(last, _isTick);
        Tell();
        return true;
    }

    string? FaultAt()
    {
        if (_walk.Told is { } told && _signatures.FaultOf(told, _isTick) is { } signature)
            return signature;
        return _walk.Entry is { } entry ? _signatures.FaultOf(entry) ?? ReceiptFault(entry) : null;
    }

    void Note()
    {
        if (_walk.Entry is not { } entry)
            return;

        _first ??= entry.Time;
        _isTick = entry.Type == EntryTypes.Tick;
        if (_isTick || entry.Type == EntryTypes.Heartbeat)
            _statements[(entry.Epoch, entry.Seq)] = _walk.Head!;
    }

    /// <summary>What is wrong with a receipt whose key is known; a receipt of an unknown key proves nothing either way.</summary>
    string? ReceiptFault(LedgerEntry entry)
    {
        if (entry.Type != EntryTypes.Receipt)
            return null;
        using var body = JsonDocument.Parse(entry.Body);
        if (!body.RootElement.TryGetProperty("jws", out var jws) || jws.ValueKind != JsonValueKind.String)
            return "the entry says it is a receipt and holds none.";

        var check = Jws.Verify(jws.GetString()!, StatementTypes.Receipt, keys.Find);
        if (check.Fault == JwsFault.UnknownKey)
        {
            _unchecked++;
            return null;
        }
        if (check.Fault is { } fault)
            return $"the receipt in it does not hold ({fault}). {check.Message}";
        try
        {
            return SubjectFault(ReceiptCodec.Decode(check.Payload));
        }
        catch (FormatException e)
        {
            return $"the receipt in it does not hold ({StatementFaultKind.Malformed}). {e.Message}";
        }
    }

    string? SubjectFault(Receipt receipt)
    {
        // Of another epoch, or for a statement that a later gap says is lost.
        if (receipt.Agent == _walk.Last!.Agent && (!_walk.Has(receipt.Epoch) || (receipt.Epoch != _walk.Last.Epoch && _walk.Lacks(receipt.Epoch, receipt.Seq))))
        {
            _elsewhere++;
            return null;
        }
        if (receipt.Agent != _walk.Last.Agent || _statements.GetValueOrDefault((receipt.Epoch, receipt.Seq)) is not { } hash || hash != receipt.Entry)
            return $"the audit server's receipt in it is for a statement with seq {receipt.Seq} and hash {receipt.Entry}, which is not the one above: something up to there was changed.";
        _held++;
        _newest = receipt.Epoch != _newest?.Epoch || receipt.Seq > _newest.Seq ? receipt : _newest;
        return null;
    }

    void Tell()
    {
        var last = _walk.Last!;
        Line($"The ledger export holds: {Text(_walk.Count)} {(_walk.Count == 1 ? "entry" : "entries")}{(_walk.Epochs == 1 ? $", seq 1 to {Text(last.Seq)}" : $" in {Text(_walk.Epochs)} epochs")}, no line missing, moved or changed.");
        Line($"  of          agent {last.Agent}, epoch {last.Epoch}{(_walk.Epochs == 1 ? "" : $", seq 1 to {Text(last.Seq)}")}");
        Line($"  written     {Time(_first!.Value)} to {Time(last.Time)}");
        Line($"  head        {_walk.Head}");
        Line($"  statements  {Text(_statements.Count)}");
        Line($"  signatures  {Text(_signatures.Held)} hold");
        Line($"  receipts    {Text(_held)} hold{(_newest is { } newest ? $", the newest for seq {Text(newest.Seq)}, received {Time(newest.ReceivedAt)} by {newest.Server}" : "")}");
        if (_signatures.Missing > 0)
            Line($"  unsigned    {Text(_signatures.Missing)} statement(s) without a signature");
        if (_signatures.Unchecked > 0)
            Line($"  not checked {Text(_signatures.Unchecked)} signature(s): their keys are not in {keys.Source}");
        if (_unchecked > 0)
            Line($"  not checked {Text(_unchecked)} receipt(s): their keys are not in {keys.Source}");
        if (_elsewhere > 0)
            Line($"  elsewhere   {Text(_elsewhere)} receipt(s) for statements that are not here");
        if (_walk.BeginsLater)
            Line("  before      an epoch that is not here: the first entry says how it ended");
        Line(_newest is { } proved
            ? $"Up to seq {Text(proved.Seq)}{(proved.Epoch == last.Epoch ? "" : $" of epoch {proved.Epoch}")} an audit server vouches for it; what follows rests on the head alone: compare it with a later heartbeat."
            : "Nothing in it is vouched for from outside; compare the head with a heartbeat.");
    }

    bool Fails(LedgerExportFault fault, long expected, bool isCut)
    {
        var seq = fault.Chain is not { } chain ? null : chain.Seq is { } named ? $"seq {named}" : $"where seq {expected} belongs";
        return Fails(fault.Line, seq, isCut && fault.Kind == StatementFaultKind.Malformed
            ? $"the file ends in the middle of it. {fault.Message}"
            : $"{fault.Message}{(fault.Chain?.Kind == ChainFaultKind.BrokenLink && fault.Line > 1 ? $" This line or line {fault.Line - 1} was changed after it was written." : "")}");
    }

    bool Fails(long line, string? seq, string message)
    {
        Line($"The ledger export DOES NOT HOLD. First fault: line {Text(line)}{(seq is null ? "" : $", {seq}")}: {message}");
        return false;
    }

    // What an export holds may not be ours: nothing of it may reach a terminal as anything but text.
    void Line(string text) => output.WriteLine(Printable.Text(text));

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string Time(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Probing.Files;

namespace Agent.Cli;

/// <summary>
/// Walks an exported ledger line by line, in little memory, and names the first line that does not hold. An export carries no signature
/// of its own: what nails it down from outside are the audit server's receipts in it, each of which names the hash of a heartbeat.
/// </summary>
internal sealed class LedgerExportCheck(TextWriter output, PinnedKeys keys)
{
    // An entry, and what Windows puts before the end of a line.
    const int LongestLine = EntryCodec.MaxBytes + 1;

    readonly ChainWalk _walk = new(ChainStart.OfEpoch with { Agent = keys.Agent });
    readonly Dictionary<long, string> _statements = [];
    Receipt? _newest;
    long _held;
    long _elsewhere;
    long _unchecked;
    DateTimeOffset _first;

    public async Task<bool> HoldsAsync(Stream export, CancellationToken cancel)
    {
        var line = 0L;
        await foreach (var (bytes, cut) in Lines.ReadAsync(export, LongestLine, cancel))
        {
            line++;
            var expected = (_walk.Last?.Seq ?? 0) + 1;
            if (_walk.Accept(bytes) is { } fault)
                return Fails(line, fault.Seq is { } seq ? $"seq {seq}" : $"where seq {expected} belongs", cut && fault.Kind == ChainFaultKind.Malformed
                    ? $"the file ends in the middle of it. {fault.Message}"
                    : $"{fault.Message}{(fault.Kind == ChainFaultKind.BrokenLink && line > 1 ? $" This line or line {line - 1} was changed after it was written." : "")}");
            if (ReceiptFault(_walk.Last!) is { } receipt)
                return Fails(line, $"seq {expected}", receipt);
            Note(_walk.Last!, line);
        }

        if (line == 0)
            return Fails(1, "where seq 1 belongs", "the file is empty.");
        Tell();
        return true;
    }

    void Note(LedgerEntry entry, long line)
    {
        if (line == 1)
            _first = entry.Time;
        if (entry.Type is EntryTypes.Heartbeat or EntryTypes.Tick)
            _statements[entry.Seq] = _walk.Head!;
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
        if (receipt.Epoch != _walk.Last!.Epoch)
        {
            _elsewhere++;
            return null;
        }
        if (receipt.Agent != _walk.Last.Agent || _statements.GetValueOrDefault(receipt.Seq) is not { } hash || hash != receipt.Entry)
            return $"the audit server's receipt in it is for a statement with seq {receipt.Seq} and hash {receipt.Entry}, which is not the one above: something up to there was changed.";
        _held++;
        _newest = receipt.Seq > (_newest?.Seq ?? 0) ? receipt : _newest;
        return null;
    }

    void Tell()
    {
        var last = _walk.Last!;
        Line($"The ledger export holds: {Text(_walk.Count)} {(_walk.Count == 1 ? "entry" : "entries")}, seq 1 to {Text(last.Seq)}, no line missing, moved or changed.");
        Line($"  of          agent {last.Agent}, epoch {last.Epoch}");
        Line($"  written     {Time(_first)} to {Time(last.Time)}");
        Line($"  head        {_walk.Head}");
        Line($"  statements  {Text(_statements.Count)}");
        Line($"  receipts    {Text(_held)} hold{(_newest is { } newest ? $", the newest for seq {Text(newest.Seq)}, received {Time(newest.ReceivedAt)} by {newest.Server}" : "")}");
        if (_unchecked > 0)
            Line($"  not checked {Text(_unchecked)} receipt(s): their keys are not in {keys.Source}");
        if (_elsewhere > 0)
            Line($"  elsewhere   {Text(_elsewhere)} receipt(s) for another epoch of this agent");
        Line(_newest is { } proved
            ? $"Up to seq {Text(proved.Seq)} an audit server vouches for it; what follows rests on the head alone: compare it with a later heartbeat."
            : "Nothing in it is vouched for from outside; compare the head with a heartbeat.");
    }

    bool Fails(long line, string seq, string message)
    {
        Line($"The ledger export DOES NOT HOLD. First fault: line {Text(line)}, {seq}: {message}");
        return false;
    }

    // What an export holds may not be ours: nothing of it may reach a terminal as anything but text.
    void Line(string text) => output.WriteLine(Printable.Text(text));

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string Time(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

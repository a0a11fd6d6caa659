using System.Runtime.CompilerServices;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;

namespace AuditServer.Intake;

/// <summary>
/// Takes in a ledger export: first all of it is held against its own chain, and nothing is taken of one that is broken; then each
/// statement in it goes the way of a posted one.
/// </summary>
sealed class CarriedLedger(HeartbeatIntake intake, TakenFile taken)
{
    // And what Windows puts before the end of a line.
    const int LongestLine = EntryCodec.MaxBytes + 1;

    /// <summary>Whether a file holds a ledger rather than an outbox; the first line may be the one that somebody spoilt.</summary>
    public static async Task<bool> IsOneAsync(Stream content)
    {
        content.Position = 0;
        await foreach (var line in CarriedLines.ReadAsync(content, HeartbeatRequest.MaxBytes, CancellationToken.None))
            if (line is { } known && known.Span.StartsWith("{\"v\":"u8))
                return true;
            else if (line is { } other && other.Span.StartsWith("{\"jws\":"u8))
                return false;

        return false;
    }

    /// <summary>Takes it in.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TakeAsync(Stream content)
    {
        var walk = new LedgerExportWalk();
        var unstated = 0L;
        await foreach (var line in LinesAsync(content))
        {
            if (walk.Accept(line) is not null)
                break;
            unstated = walk.Told is null ? unstated + 1 : walk.Entry is null ? 0 : 1;
        }

        if (walk.End() is { } fault)
        {
            await taken.AnswerAsync(IntakeOutcome.Refused(
                fault.Kind == StatementFaultKind.BrokenChain ? RefusalCode.BrokenChain : RefusalCode.Malformed, $"{fault.Message} Nothing of this ledger was taken."), fault.Line);
            return await taken.EndAsync();
        }

        return await TakeStatementsAsync(content, walk.Told is null ? unstated : 0);
    }

    async Task<int> TakeStatementsAsync(Stream content, long unstated)
    {
        var walk = new LedgerExportWalk();
        await foreach (var line in LinesAsync(content))
        {
            // Nobody but this server's account writes the file; if somebody does, what was seen before is not what is here.
            if (walk.Accept(line) is { } fault)
                throw new InvalidDataException($"The file changed while it was read, at line {fault.Line}.");
            if (walk.Told is { } told)
                await AnswerAsync(told);
        }

        walk.End();
        if (walk.Told is { } last)
            await AnswerAsync(last);
        return await taken.EndAsync($"The chain of {walk.Count} {(walk.Count == 1 ? "entry" : "entries")} holds; {unstated} after the last statement {(unstated == 1 ? "is" : "are")} signed by nobody yet.");
    }

    // One after the other: a statement may rest on the key that the one before it has brought.
    async Task AnswerAsync(ExportedStatement statement) => await taken.AnswerAsync(
        statement.Request is { } request
            ? await intake.TakeAsync(request.Encode(), CancellationToken.None)
            : IntakeOutcome.Refused(RefusalCode.BadSignature, $"There is no signature for the statement with seq {statement.Seq}."),
        statement.Line);

    static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(Stream content, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        content.Position = 0;
        await foreach (var line in CarriedLines.ReadAsync(content, LongestLine, cancel))
        {
            // What is longer than any entry is none: an empty line is refused as well, by its number.
            var bytes = line ?? ReadOnlyMemory<byte>.Empty;
            yield return bytes.Span.EndsWith("\r"u8) ? bytes[..^1] : bytes;
        }
    }
}

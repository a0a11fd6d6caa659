using System.Text.Json;

namespace AuditServer.Intake;

/// <summary>The answers to a file that was carried in, one a line, in the order of what they answer; and what is said of them on the spot.</summary>
sealed class TakenFile(FileStream answers, TextWriter output, TextWriter errors)
{
    const int MostTold = 20;

    int _receipted;
    int _refused;

    /// <summary>Writes the answer to one line.</summary>
    /// <exception cref="IOException">The evidence cannot be written now; the rest is not to be looked at.</exception>
    public async Task AnswerAsync(IntakeOutcome outcome, long line)
    {
        await JsonSerializer.SerializeAsync(answers, AnswerOf(outcome, line));
        answers.WriteByte((byte)'\n');
        if (outcome.Refusal is not { } refusal)
            _receipted++;
        else if (++_refused <= MostTold)
            await errors.WriteLineAsync($"Line {line} was refused: {refusal.Code}, {OnOneLine(refusal.Message)}");
        if (outcome.Refusal is { Code: RefusalCode.NotStored })
            throw new IOException("The evidence cannot be written now, and the rest was not looked at. Take the same file again later: what was accepted gets the same receipts.");
    }

    /// <summary>Ends the answers.</summary>
    /// <param name="also">What else is to be said; null for nothing.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync(string? also = null)
    {
        await answers.FlushAsync();
        Sync(answers);
        await output.WriteLineAsync($"{_receipted} {(_receipted == 1 ? "statement" : "statements")} receipted, {_refused} refused.{(also is null ? "" : $" {also}")}");
        return _refused == 0 ? 0 : 1;
    }

    // As the answer to a post, with the line it belongs to where there is no receipt that says so.
    static Dictionary<string, object> AnswerOf(IntakeOutcome outcome, long line)
    {
        if (outcome.Refusal is not { } refusal)
            return new() { ["receipt"] = outcome.Receipt! };

        var said = new Dictionary<string, object> { ["status"] = refusal.Status, ["detail"] = refusal.Message, ["code"] = refusal.Code.ToString(), ["line"] = line };
        if (refusal.Receipt is { } receipt)
            said["receipt"] = receipt;
        return said;
    }

    // What the file is on is pulled out as soon as this says that it is done.
    static void Sync(FileStream file) => file.Flush(flushToDisk: true);

    // Messages may quote what was sent, and a terminal obeys more than letters.
    static string OnOneLine(string message) => string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c));
}

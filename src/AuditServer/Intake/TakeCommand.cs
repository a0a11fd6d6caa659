using System.Data.Common;
using System.Text.Json;
using Agent.Evidence.Statements;
using AuditServer.Hosting;

namespace AuditServer.Intake;

/// <summary>
/// <c>take</c>: what an officer does with a file that was carried in from a site no line leads to, also while the server runs. Each line is
/// what an agent would have posted and goes the same way; the answers, in the same order, are carried back.
/// </summary>
static class TakeCommand
{
    public const string Verb = "take";

    public const string Usage =
        """
               retention-audit-server take FILE --data DIR --receipts FILE
          FILE                  what 'retention-agent outbox export' wrote
          --receipts FILE       a new file for the answers, for 'retention-agent receipts import'
          With --name, --policy, --database, --database-file and --agents as the server has them, and as the server's account.
        """;

    const string Receipts = "--receipts";
    const int MostTold = 20;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TimeProvider time, TextWriter output, TextWriter errors)
    {
        try
        {
            var (file, receipts, options) = Parse(arguments);
            // A folder that no server has ever used is a slip of the hand; a key made here would sign what nobody believes.
            if (!File.Exists(options.KeyFile))
                throw new InvalidDataException($"{options.Data} is not the data folder of an audit server: there is no {Path.GetFileName(options.KeyFile)}.");

            await using var carried = new FileStream(file, FileMode.Open, FileAccess.Read);
            await using var answers = new FileStream(receipts, FileMode.CreateNew, FileAccess.Write);
            await using var log = Logs.Quiet();
            await using var server = AuditServerHost.Build(options, time, log);
            return await TakeAsync(server.Services.GetRequiredService<HeartbeatIntake>(), carried, answers, output, errors);
        }
        catch (FormatException e)
        {
            await errors.WriteLineAsync($"{e.Message}\n{Usage}");
            return 64;
        }
        catch (Exception e) when (e is DbException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
    }

    static async Task<int> TakeAsync(HeartbeatIntake intake, Stream carried, FileStream answers, TextWriter output, TextWriter errors)
    {
        int number = 0, receipted = 0, refused = 0;
        await foreach (var line in CarriedLines.ReadAsync(carried, HeartbeatRequest.MaxBytes, CancellationToken.None))
        {
            number++;
            if (line is { } empty && empty.Trim(" \r\t"u8).IsEmpty)
                continue;

            // One after the other: a statement may rest on the key that the one before it has brought.
            var outcome = line is { } body
                ? await intake.TakeAsync(body, CancellationToken.None)
                : IntakeOutcome.Refused(RefusalCode.TooLarge, $"The line is larger than {HeartbeatRequest.MaxBytes} bytes.");
            await JsonSerializer.SerializeAsync(answers, AnswerOf(outcome, number));
            answers.WriteByte((byte)'\n');
            if (outcome.Refusal is not { } refusal)
                receipted++;
            else if (++refused <= MostTold)
                await errors.WriteLineAsync($"Line {number} was refused: {refusal.Code}, {OnOneLine(refusal.Message)}");
            if (outcome.Refusal is { Code: RefusalCode.NotStored })
                throw new IOException("The evidence cannot be written now, and the rest was not looked at. Take the same file again later: what was accepted gets the same receipts.");
        }

        await answers.FlushAsync();
        Sync(answers);
        await output.WriteLineAsync($"{receipted} {(receipted == 1 ? "statement" : "statements")} receipted, {refused} refused.");
        return refused == 0 ? 0 : 1;
    }

    // As the answer to a post, with the line it belongs to where there is no receipt that says so.
    static Dictionary<string, object> AnswerOf(IntakeOutcome outcome, int line)
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

    static (string File, string Receipts, ServerOptions Options) Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2 || arguments[1].StartsWith("--", StringComparison.Ordinal))
            throw new FormatException("take needs the file that was carried in.");

        var rest = new List<string>(arguments.Skip(2));
        var at = rest.IndexOf(Receipts);
        if (at < 0 || at + 1 == rest.Count)
            throw new FormatException($"{Receipts} is missing: where the answers go.");

        var receipts = rest[at + 1];
        rest.RemoveRange(at, 2);
        return (arguments[1], receipts, ServerOptions.Parse(rest));
    }
}

using System.Data.Common;
using Agent.Evidence.Statements;
using AuditServer.Hosting;

namespace AuditServer.Intake;

/// <summary>
/// <c>take</c>: what an officer does with a file that was carried in from a site no line leads to, also while the server runs. Each line is
/// what an agent would have posted and goes the same way, or all of it is an agent's ledger (<see cref="CarriedLedger"/>); the answers, in the
/// same order, are carried back.
/// </summary>
static class TakeCommand
{
    public const string Verb = "take";

    public const string Usage =
        """
               retention-audit-server take FILE --data DIR --receipts FILE
          FILE                  what 'retention-agent outbox export' or 'retention-agent ledger export' wrote
          --receipts FILE       a new file for the answers, for 'retention-agent receipts import'
          With --name, --policy, --database, --database-file and --agents as the server has them, and as the server's account.
        """;

    const string Receipts = "--receipts";

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
            return await TakeAsync(server.Services.GetRequiredService<HeartbeatIntake>(), carried, new TakenFile(answers, output, errors));
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

    static async Task<int> TakeAsync(HeartbeatIntake intake, Stream carried, TakenFile taken)
    {
        if (await CarriedLedger.IsOneAsync(carried))
            return await new CarriedLedger(intake, taken).TakeAsync(carried);

        var number = 0;
        carried.Position = 0;
        await foreach (var line in CarriedLines.ReadAsync(carried, HeartbeatRequest.MaxBytes, CancellationToken.None))
        {
            number++;
            if (line is { } empty && empty.Trim(" \r\t"u8).IsEmpty)
                continue;

            // One after the other: a statement may rest on the key that the one before it has brought.
            await taken.AnswerAsync(
                line is { } body
                    ? await intake.TakeAsync(body, CancellationToken.None)
                    : IntakeOutcome.Refused(RefusalCode.TooLarge, $"The line is larger than {HeartbeatRequest.MaxBytes} bytes."),
                number);
        }

        return await taken.EndAsync();
    }

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

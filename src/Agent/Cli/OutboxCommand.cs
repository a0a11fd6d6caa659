using System.CommandLine;
using System.Data.Common;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Hosting;
using Agent.Ledger;

namespace Agent.Cli;

/// <summary><c>outbox export</c> and <c>outbox status</c>: what waits for the audit server, to be carried where no line leads. Neither changes anything.</summary>
internal sealed class OutboxCommand
{
    readonly Argument<string> _file = new("FILE") { Description = "A new file, on what is carried to the audit server" };
    readonly Option<string> _config = new("--config") { HelpName = "FILE", Required = true, Description = "The configuration" };
    readonly Option<long> _limit = new("--limit") { HelpName = "N", DefaultValueFactory = _ => long.MaxValue, Description = "At most so many, the oldest; all when absent" };

    public static Command Build()
    {
        var outbox = new OutboxCommand();
        outbox._limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() < 1)
                result.AddError("--limit is a whole number from 1 on.");
        });
        var export = new Command("export", "Write what waits for a receipt, as it would be sent, one statement a line") { outbox._file, outbox._config, outbox._limit };
        export.SetAction((parsed, _) => outbox.AnswerAsync(parsed, ledger => ExportAsync(ledger, parsed.GetValue(outbox._file)!, parsed.GetValue(outbox._limit))));
        var status = new Command("status", "How much waits for a receipt, and since when") { outbox._config };
        status.SetAction((parsed, _) => outbox.AnswerAsync(parsed, TellAsync));
        return new Command("outbox", "What waits for the audit server's receipt") { export, status };
    }

    async Task<int> AnswerAsync(ParseResult parsed, Func<LedgerReadStore, Task<int>> answer)
    {
        try
        {
            using var ledger = new LedgerReadStore(AgentConfiguration.Read(parsed.GetValue(_config)!).Options.DataDirectory);
            return await answer(ledger);
        }
        catch (Exception e) when (e is ConfigurationException or LedgerRefusedException or LedgerDamagedException or FormatException or DbException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e is DbException ? $"The ledger cannot be read: {e.Message}" : e.Message);
            return ExitCodes.Failed;
        }
    }

    static async Task<int> ExportAsync(LedgerReadStore ledger, string file, long most)
    {
        // Never over an existing file: a slip of the hand must not cost the ledger itself.
        var output = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        long written;
        try
        {
            using (output)
                written = Write(StatementStore.Pending(ledger, most), output);
        }
        catch (Exception e) when (e is IOException or DbException)
        {
            // Half of it would look like all of it.
            File.Delete(file);
            throw;
        }

        await Console.Error.WriteLineAsync($"{written} {(written == 1 ? "statement" : "statements")} of agent {ledger.Agent}. They wait until their receipts are imported.");
        return ExitCodes.Success;
    }

    static long Write(IEnumerable<HeartbeatRequest> requests, FileStream output)
    {
        var written = 0L;
        foreach (var request in requests)
        {
            output.Write(request.Encode());
            output.WriteByte((byte)'\n');
            written++;
        }

        // What it is on is pulled out as soon as this says that it is done.
        output.Flush(flushToDisk: true);
        return written;
    }

    static async Task<int> TellAsync(LedgerReadStore ledger)
    {
        var counts = ledger.Counts;
        await Console.Out.WriteLineAsync($"agent       {ledger.Agent}");
        await Console.Out.WriteLineAsync(ledger.NextPending() is { } oldest
            ? $"pending     {counts.Pending}, the oldest of {EntryCodec.Decode(oldest.Bytes).Time:yyyy-MM-dd HH:mm:ss'Z'}"
            : "pending     0");
        await Console.Out.WriteLineAsync($"set aside   {counts.SetAside}");
        await Console.Out.WriteLineAsync($"receipted   {counts.Receipted}");
        return ExitCodes.Success;
    }
}

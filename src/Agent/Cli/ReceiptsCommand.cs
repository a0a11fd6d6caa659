using System.CommandLine;
using System.Data.Common;
using Agent.Delivery;
using Agent.Hosting;
using Agent.Keys;
using Agent.Ledger;

namespace Agent.Cli;

/// <summary>
/// <c>receipts import</c>: takes in what the audit server answered to an export. It is held against the keys and the ledger here, so that
/// whoever stands before the machine hears at once what it is worth; the service alone takes it, because an entry written while it does
/// not run would say that it ran, and because what receipts ask only the service can do.
/// </summary>
internal sealed class ReceiptsCommand(TimeProvider time)
{
    const int MostTold = 20;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    readonly Argument<string> _file = new("FILE") { Description = "What the audit server wrote for an export" };
    readonly Option<string> _config = new("--config") { HelpName = "FILE", Required = true, Description = "The configuration" };

    public static Command Build(TimeProvider time)
    {
        var receipts = new ReceiptsCommand(time);
        var import = new Command("import", "Take in the receipts that were carried here") { receipts._file, receipts._config };
        import.SetAction(receipts.RunAsync);
        return new Command("receipts", "The audit server's receipts") { import };
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        try
        {
            var configuration = AgentConfiguration.Read(parsed.GetValue(_config)!);
            return await ImportAsync(configuration, await ContentAsync(parsed.GetValue(_file)!, cancel), cancel);
        }
        catch (Exception e) when (e is ConfigurationException or KeyFileException or LedgerRefusedException or LedgerDamagedException or FormatException
            or DbException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e is DbException ? $"The ledger cannot be read: {e.Message}" : e.Message);
            return ExitCodes.Failed;
        }
    }

    async Task<int> ImportAsync(AgentConfiguration configuration, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var directory = configuration.Options.DataDirectory;
        using var ledger = new LedgerReadStore(directory);
        var keys = ReceiptKeys.Open(configuration.Options.Upstream, directory);
        if (!keys.Any)
            throw new FormatException("No key of the audit server is known here, so that no receipt can be believed: enrol the agent, or name a file with the server's keys as upstream.receiptKeys.");

        var fresh = new List<CarriedAnswer>();
        int known = 0, refused = 0, unsound = 0;
        var isSetBack = false;
        foreach (var answer in new CarriedAnswers(ledger, keys).Read(content))
        {
            if (answer.Kind is CarriedKind.Fresh or CarriedKind.SetBack)
                fresh.Add(answer with { Statement = null });
            isSetBack |= answer.Kind == CarriedKind.SetBack;
            known += answer.Kind == CarriedKind.Known ? 1 : 0;
            refused += answer.Kind == CarriedKind.Refusal ? 1 : 0;
            unsound += answer.Kind == CarriedKind.Unsound ? 1 : 0;
            if (answer.Words is not null && refused + unsound <= MostTold)
                await Console.Error.WriteLineAsync($"Line {answer.Line} {(answer.Kind == CarriedKind.Refusal ? "was refused by the audit server" : "is not taken")}: {answer.Words}");
        }

        if (refused + unsound > MostTold)
            await Console.Error.WriteLineAsync($"The same holds for {refused + unsound - MostTold} more lines.");
        if (isSetBack)
            await Console.Error.WriteLineAsync("The audit server holds entries that this ledger does not: it is an older copy. The service goes on in a new epoch that says so.");
        var handedOver = fresh.Count == 0 || await HandOverAsync(configuration, ledger, fresh, cancel);
        await Console.Out.WriteLineAsync($"{fresh.Count} new {(fresh.Count == 1 ? "receipt" : "receipts")}, {known} known before, {refused} {(refused == 1 ? "refusal" : "refusals")}, {unsound} that cannot be believed; {ledger.Counts.Pending} still wait.");
        return handedOver && unsound == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    async Task<bool> HandOverAsync(AgentConfiguration configuration, LedgerReadStore ledger, List<CarriedAnswer> fresh, CancellationToken cancel)
    {
        ReceiptInbox.Leave(configuration.Options.DataDirectory, fresh.Select(answer => answer.Jws!));
        using (var alone = SingleInstance.TakeIfFree(configuration))
            if (alone is not null)
            {
                await Console.Error.WriteLineAsync("The service does not run. It takes them as soon as it starts.");
                return true;
            }

        await Console.Error.WriteLineAsync("The service takes them.");
        var left = time.GetTimestamp();
        while (time.GetElapsedTime(left) < Patience)
        {
            // They are taken in order: when the last one is, all are.
            if (IsTaken(ledger, fresh[^1]))
                return true;

            await Task.Delay(Pause, time, cancel);
        }

        await Console.Error.WriteLineAsync($"The service was not done within {Patience.TotalMinutes:0} min. It goes on; 'outbox status' tells how far it is.");
        return false;
    }

    static bool IsTaken(LedgerReadStore ledger, CarriedAnswer answer) => answer.Kind == CarriedKind.SetBack
        ? ledger.Head.Epoch != answer.Receipt!.Epoch
        : StatementStore.Find(ledger, answer.Receipt!.Epoch, answer.Receipt.Seq) is { Receipt: not null };

    static async Task<byte[]> ContentAsync(string file, CancellationToken cancel)
    {
        var length = new FileInfo(file).Length;
        return length <= CarriedAnswers.MaxBytes
            ? await File.ReadAllBytesAsync(file, cancel)
            : throw new FormatException($"{file} is larger than {CarriedAnswers.MaxBytes >> 20} MiB. Import it in parts: any part that ends with a line will do.");
    }
}

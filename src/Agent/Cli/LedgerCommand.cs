using System.CommandLine;
using System.Data.Common;
using System.Text;
using Agent.Evidence.Statements;
using Agent.Hosting;
using Agent.Keys;
using Agent.Ledger;

namespace Agent.Cli;

/// <summary><c>ledger check</c> and <c>ledger export</c>: the agent's own ledger, also while the agent runs. Neither changes it.</summary>
internal sealed class LedgerCommand
{
    readonly Option<string> _config = new("--config") { HelpName = "FILE", Required = true, Description = "The configuration" };
    readonly Option<string?> _output = new("--output") { HelpName = "FILE", Description = "A new file for the export; standard output when absent" };

    readonly Option<Guid?> _epoch = new("--epoch") { HelpName = "UUID", Description = "Only this epoch; every one the ledger holds when absent" };

    public static Command Build()
    {
        var ledger = new LedgerCommand();
        var check = new Command("check", "Look at the whole ledger: the file, the chain, the signatures") { ledger._config };
        check.SetAction((parsed, cancel) => ledger.AnswerAsync(parsed, (directory, token) => CheckAsync(directory, token), cancel));
        var export = new Command("export", "Write every entry as it was hashed, and the signature of each statement, one a line") { ledger._config, ledger._output, ledger._epoch };
        export.SetAction((parsed, cancel) => ledger.AnswerAsync(parsed, (directory, _) => ExportAsync(directory, parsed.GetValue(ledger._output), parsed.GetValue(ledger._epoch)), cancel));
        return new Command("ledger", "The agent's ledger") { check, export };
    }

    async Task<int> AnswerAsync(ParseResult parsed, Func<string, CancellationToken, Task<int>> answer, CancellationToken cancel)
    {
        try
        {
            return await answer(AgentConfiguration.Read(parsed.GetValue(_config)!).Options.DataDirectory, cancel);
        }
        catch (Exception e) when (e is ConfigurationException or LedgerRefusedException or LedgerDamagedException or FormatException
            or KeyFileException or DbException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e is DbException ? $"The ledger cannot be read: {e.Message}" : e.Message);
            return ExitCodes.Failed;
        }
    }

    static async Task<int> CheckAsync(string directory, CancellationToken cancel)
    {
        // The public half is enough, and looking must not make a key where there is none.
        var pin = Path.Combine(directory, AgentIdentity.PinFile);
        return Check(directory, File.Exists(pin) ? (await PinnedKeys.ReadAsync(pin, cancel)).First : null);
    }

    static int Check(string directory, Jwk? key)
    {
        using var ledger = new LedgerReadStore(directory);
        var retired = RetiredKeys.Read(directory);
        var found = ledger.Check(key, new JwkSet([.. retired.Select(r => r.Key)]));
        if (found.Fault is { } fault)
        {
            Console.Out.WriteLine($"{ledger.File} DOES NOT HOLD: {fault} {found.Entries} entries before that hold. Nothing was repaired; make a copy of the data directory first.");
            return ExitCodes.Failed;
        }

        Console.Out.WriteLine($"{ledger.File} holds: {found.Entries} {(found.Entries == 1 ? "entry" : "entries")} of agent {ledger.Agent}, epoch {found.Head.Epoch}");
        Console.Out.WriteLine($"  head        seq {found.Head.Seq}, {found.Head.Hash}");
        Console.Out.WriteLine(key is null ? $"  signatures  not looked at: there is no {AgentIdentity.PinFile} beside it" : $"  signatures  every heartbeat is signed with key {key.Thumbprint}{(retired.IsEmpty ? "" : $", or with the one of {retired.Length} retired that was current then")}");
        return ExitCodes.Success;
    }

    static async Task<int> ExportAsync(string directory, string? file, Guid? epoch)
    {
        using var ledger = new LedgerReadStore(directory);
        if (epoch is { } one && !LedgerExportStore.Holds(ledger, one))
            throw new FormatException($"The ledger holds no epoch {one}.");

        // Never over an existing file: a slip of the hand must not cost the ledger itself.
        await using var output = file is null ? Console.OpenStandardOutput() : new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        await using var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var (entries, epochs) = LedgerExportStore.Write(ledger, text, epoch);
        await Console.Error.WriteLineAsync($"{entries} {(entries == 1 ? "entry" : "entries")} of agent {ledger.Agent}{(epochs > 1 ? $", in {epochs} epochs" : "")}");
        return ExitCodes.Success;
    }
}

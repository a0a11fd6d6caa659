using System.CommandLine;

namespace Agent.Cli;

/// <summary>The verbs of <c>retention-agent</c>. Results go to stdout, everything else to stderr.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Measures how far back the footage of every camera runs without a break, and proves it.")
        {
            CheckCommand.Build(TimeProvider.System),
            DiscoverCommand.Build(TimeProvider.System),
            RunCommand.Build(TimeProvider.System),
            StatusCommand.Build(TimeProvider.System),
            VerifyCommand.Build(),
            LedgerCommand.Build(),
            OutboxCommand.Build(),
            ReceiptsCommand.Build(TimeProvider.System),
            KeyCommand.Build(TimeProvider.System),
            SecretCommand.Build(),
            EnrolCommand.Build(TimeProvider.System),
            ConfigCommand.Build(),
        };
        var parsed = root.Parse(args);
        // Monitoring plugins know four codes only: "could not run" is 3 there, and 64 or 1 for every other verb.
        var isPlugin = args is ["check" or "status", ..];
        foreach (var error in parsed.Errors)
            await Console.Error.WriteLineAsync(error.Message);
        if (parsed.Errors.Count > 0)
            return isPlugin ? ExitCodes.Undetermined : ExitCodes.Usage;
        try
        {
            return await parsed.InvokeAsync(Invocation(args));
        }
        catch (OperationCanceledException)
        {
            return isPlugin ? ExitCodes.Undetermined : ExitCodes.Failed; // whoever stopped it knows why
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"This is a fault of the program itself: {e}");
            return isPlugin ? ExitCodes.Undetermined : ExitCodes.Failed;
        }
    }

    // The service answers a stop itself: it finishes what it is at and says in the ledger that it ended. The default would end it
    // in the middle after two seconds.
    static InvocationConfiguration Invocation(string[] args)
    {
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        if (args is ["run", ..])
            invocation.ProcessTerminationTimeout = null;
        return invocation;
    }
}

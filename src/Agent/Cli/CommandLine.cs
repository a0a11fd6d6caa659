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
            RunCommand.Build(TimeProvider.System),
            VerifyCommand.Build(),
            LedgerCommand.Build(),
            ConfigCommand.Build(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(Invocation(args));
        foreach (var error in parsed.Errors)
            await Console.Error.WriteLineAsync(error.Message);
        // Monitoring plugins know four codes only: "could not run" is 3 there, and 64 for every other verb.
        return args is ["check" or "status", ..] ? ExitCodes.Undetermined : ExitCodes.Usage;
    }

    // The service answers a stop itself: it finishes what it is at and says in the ledger that it ended. The default would end it
    // in the middle after two seconds.
    static InvocationConfiguration Invocation(string[] args)
    {
        var invocation = new InvocationConfiguration();
        if (args is ["run", ..])
            invocation.ProcessTerminationTimeout = null;
        return invocation;
    }
}

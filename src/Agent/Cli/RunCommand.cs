using System.CommandLine;
using Agent.Auditing;
using Agent.Hosting;
using Agent.Keys;
using Agent.Ledger;
using Microsoft.Extensions.Hosting;

namespace Agent.Cli;

/// <summary><c>run --config FILE</c>: the service, in the foreground or under a service manager.</summary>
internal static class RunCommand
{
    public static Command Build(TimeProvider time)
    {
        var file = new Option<string>("--config") { HelpName = "FILE", Required = true, Description = "The configuration" };
        var command = new Command("run", "Measure, keep the ledger, send heartbeats, until stopped") { file };
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                var configuration = AgentConfiguration.Read(parsed.GetValue(file)!);
                using var instance = SingleInstance.Take(configuration);
                await using var log = StatusLog.Create(configuration.Options.DataDirectory);
                using var host = AgentHost.Build(configuration, time, log);
                log.Information(
                    "Retention agent {Version} of site {Site} measures {Recorders} recorder(s)", AgentLife.Version, configuration.Options.Site.Id, configuration.Recorders.Count);
                await host.RunAsync(cancel);
                return Environment.ExitCode;
            }
            catch (Exception e) when (e is ConfigurationException or KeyFileException or LedgerDamagedException or LedgerRefusedException or LedgerWriteException or PollListenException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return ExitCodes.Failed;
            }
        });
        return command;
    }
}

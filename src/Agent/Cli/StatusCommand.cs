using System.CommandLine;
using Agent.Hosting;
using Agent.Status;

namespace Agent.Cli;

/// <summary><c>status --config FILE [--json]</c>: what the running agent knows, from the snapshot it keeps. Exit codes of monitoring plugins.</summary>
internal static class StatusCommand
{
    public static Command Build(TimeProvider time)
    {
        var file = new Option<string>("--config") { HelpName = "FILE", Required = true, Description = "The configuration" };
        var json = new Option<bool>("--json") { Description = "The whole snapshot" };
        var command = new Command("status", "What the running agent knows") { file, json };
        command.SetAction(parsed =>
        {
            try
            {
                var directory = AgentConfiguration.DataDirectoryOf(parsed.GetValue(file)!);
                if (StatusFile.Read(directory, time.GetUtcNow()) is not { } status)
                {
                    Console.Error.WriteLine($"The agent does not run: there is no fresh {StatusFile.FileName} in {directory}.");
                    return ExitCodes.Undetermined;
                }

                if (parsed.GetValue(json))
                    Console.Out.WriteLine(StatusFile.ToJson(status));
                else
                    new StatusText(Console.Out).Write(status);
                return ExitCodes.Of(status);
            }
            catch (Exception e) when (e is ConfigurationException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(e.Message);
                return ExitCodes.Undetermined;
            }
        });
        return command;
    }
}

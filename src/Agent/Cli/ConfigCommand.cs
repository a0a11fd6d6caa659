using System.CommandLine;
using Agent.Hosting;

namespace Agent.Cli;

/// <summary><c>config validate</c>: every mistake of a configuration at once.</summary>
internal static class ConfigCommand
{
    public static Command Build()
    {
        var file = new Option<string>("--config") { HelpName = "FILE", Required = true, Description = "The configuration" };
        var validate = new Command("validate", "Read a configuration and list every mistake in it") { file };
        validate.SetAction(parsed =>
        {
            try
            {
                var configuration = AgentConfiguration.Read(parsed.GetValue(file)!);
                Console.Out.WriteLine($"{configuration.File}: {configuration.Recorders.Count} recorder(s), {configuration.Options.Policy.RequiredDays} d required, no mistakes");
                return ExitCodes.Success;
            }
            catch (ConfigurationException e)
            {
                Console.Error.WriteLine(e.Message);
                return ExitCodes.Failed;
            }
        });
        return new Command("config", "The agent's configuration") { validate };
    }
}

using System.CommandLine;
using Agent.Probing.Files;
using Agent.Probing.Files.Layouts;

namespace Agent.Cli;

/// <summary><c>discover PATH</c>: what recorder wrote a folder, and the configuration to measure it with. Reads a little, writes nothing.</summary>
internal static class DiscoverCommand
{
    public static Command Build(TimeProvider time)
    {
        var path = new Argument<string>("PATH") { Description = "Folder of recordings" };
        var zone = new Option<TimeZoneInfo?>("--time-zone") { HelpName = "ID", Description = "Zone the local times in names are believed to be of", CustomParser = r => Written.Zone(r) };
        var command = new Command("discover", "Tell the recorder, the cameras and the time zone of a folder, with the configuration to paste") { path, zone };
        command.Validators.Add(result =>
        {
            if (result.GetValue(path) is { } folder && (folder.Length == 0 || folder.Contains('\0', StringComparison.Ordinal)))
                result.AddError("The folder's name is empty, or no name at all.");
        });
        command.SetAction((parsed, cancel) => Task.Run(() => Run(Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(path)!)), parsed.GetValue(zone), time, cancel), cancel));
        return command;
    }

    static int Run(string path, TimeZoneInfo? believed, TimeProvider time, CancellationToken cancel)
    {
        if (!Directory.Exists(path))
        {
            Console.Error.WriteLine($"{Printable.Text(path)} is no folder, or may not be entered.");
            return ExitCodes.Failed;
        }
        DiscoveredTree found;
        using (var progress = new ProgressLine(Printable.Text(Path.GetFileName(path)), time))
            found = DiscoveredTree.Of(path, progress, cancel);
        return new DiscoverText(Console.Out, Console.Error).Write(found, believed) ? ExitCodes.Success : ExitCodes.Failed;
    }
}

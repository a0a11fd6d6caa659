using System.CommandLine;
using System.Net;
using Agent.Probing.Files;
using Agent.Probing.Files.Layouts;
using Agent.Probing.Onvif;
using Agent.Probing.Onvif.Discovery;

namespace Agent.Cli;

/// <summary>
/// <c>discover PATH</c>: what recorder wrote a folder; <c>discover</c>: which recorders are on the network. Both print the configuration to
/// measure with. Reads a little, writes nothing, signs in nowhere.
/// </summary>
internal static class DiscoverCommand
{
    static readonly TimeSpan Listen = TimeSpan.FromSeconds(4);

    public static Command Build(TimeProvider time)
    {
        var path = new Argument<string?>("PATH") { Arity = ArgumentArity.ZeroOrOne, Description = "Folder of recordings; without it the network is asked for recorders" };
        var zone = new Option<TimeZoneInfo?>("--time-zone") { HelpName = "ID", Description = "Zone the local times in names are believed to be of", CustomParser = r => Written.Zone(r) };
        var hosts = new Option<IPEndPoint[]>("--ask") { HelpName = "IP[:PORT]", Description = "Ask this host instead of every network, as for one that multicast does not reach", CustomParser = Written.Hosts };
        var command = new Command("discover", "Tell the recorder, the cameras and the time zone of a folder, or the recorders on the network, with the configuration to paste") { path, zone, hosts };
        command.Validators.Add(result =>
        {
            if (result.GetValue(path) is { } folder && (folder.Length == 0 || folder.Contains('\0', StringComparison.Ordinal)))
                result.AddError("The folder's name is empty, or no name at all.");
            if (result.GetValue(path) is not null && result.GetResult(hosts) is not null)
                result.AddError("--ask goes without a folder.");
            if (result.GetValue(path) is null && result.GetResult(zone) is not null)
                result.AddError("--time-zone goes with a folder.");
        });
        command.SetAction((parsed, cancel) => parsed.GetValue(path) is { } folder
            ? Task.Run(() => Run(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), parsed.GetValue(zone), time, cancel), cancel)
            : RunAsync(parsed.GetValue(hosts) ?? [], time, cancel));
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

    static async Task<int> RunAsync(IPEndPoint[] hosts, TimeProvider time, CancellationToken cancel)
    {
        IReadOnlyList<DiscoveryTarget> targets = hosts.Length > 0 ? [.. hosts.Select(DiscoveryTarget.OneHost)] : DiscoveryTarget.EveryNetwork();
        using var transport = new OnvifTransport();
        var found = await new DiscoverySweep(transport, time).RunAsync(targets, Listen, cancel);
        return new DiscoverNetworkText(Console.Out, Console.Error).Write(found, targets.Count) ? ExitCodes.Success : ExitCodes.Failed;
    }
}

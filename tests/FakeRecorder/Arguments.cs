using System.Globalization;

namespace FakeRecorder;

/// <summary>The command line: a recorder of two cameras with three weeks behind them, one of which lost an hour.</summary>
static class Arguments
{
    const string Usage = """
        Usage: FakeRecorder [--personality NAME] [--port N] [--user NAME --password-file FILE] [--fault NAME [--at OPERATION]]
                            [--ahead SECONDS] [--rtsp-port N] [--discovery]
        It listens on the loopback, prints its address, and ends with Ctrl-C.
        """;

    /// <summary>The script that is asked for; null after the usage has been printed.</summary>
    public static async Task<(RecorderScript Script, int Port)?> Parse(string[] args)
    {
        var script = new RecorderScript { Cameras = Cameras(TimeProvider.System.GetUtcNow()) };
        var port = 0;
        string? user = null, password = null;
        try
        {
            for (var at = 0; at < args.Length; at++)
                switch (args[at])
                {
                    case "--personality": script = script with { Personality = Enum.Parse<Personality>(args[++at], ignoreCase: true) }; break;
                    case "--fault": script = script with { Fault = Enum.Parse<Fault>(args[++at], ignoreCase: true) }; break;
                    case "--at": script = script with { FaultAt = args[++at] }; break;
                    case "--port": port = Number(args[++at]); break;
                    case "--rtsp-port": script = script with { RtspPort = Number(args[++at]) }; break;
                    case "--ahead": script = script with { ClockOffset = TimeSpan.FromSeconds(Number(args[++at])) }; break;
                    case "--user": user = args[++at]; break;
                    case "--password-file": password = (await File.ReadAllTextAsync(args[++at])).TrimEnd('\r', '\n'); break;
                    case "--discovery": script = script with { DiscoveryPort = 3702 }; break;
                    default: throw new ArgumentException($"{args[at]} is not known");
                }
        }
        catch (Exception e) when (e is ArgumentException or FormatException or IndexOutOfRangeException or IOException)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n{Usage}");
            return null;
        }

        return (user is null ? script : script with { Login = new(user, password ?? "") }, port);
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    static Dictionary<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>> Cameras(DateTimeOffset now) => new()
    {
        ["Front door"] = [(now.AddDays(-21), now.AddYears(1))],
        ["Vault"] = [(now.AddDays(-21), now.AddDays(-3)), (now.AddDays(-3).AddHours(1), now.AddYears(1))],
    };
}

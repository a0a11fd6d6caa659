using Demo;

const int AsExpected = 0;
const int Failed = 1;
const int Usage = 64;

DemoOptions options;
try
{
    options = DemoOptions.Parse(args);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n{DemoOptions.Usage}");
    return Usage;
}

using var stop = new StopSignals();
var differences = new List<string>();
SiteFolder folder;
try
{
    folder = SiteFolder.Create(options.Directory);
}
catch (DemoFailedException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return Failed;
}

await using (var site = new MadeUpSite(folder, TimeProvider.System))
{
    try
    {
        var answer = await site.GoLiveAsync(stop.Token);
        differences.AddRange(Expectation.Differences(answer));
        if (!options.Once)
        {
            await Console.Out.WriteLineAsync("\nIt runs on: a round every 30 s, a heartbeat every 5 min, new footage every half hour. Ctrl-C stops it.");
            await site.RunOnAsync(answer, stop.Token);
        }
    }
    catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
    {
        await Console.Out.WriteLineAsync("\nStopping.");
        if (options.Once)
            differences.Add("it was stopped before it was through");
    }
    catch (DemoFailedException e)
    {
        differences.Add(e.Message);
    }
    differences.AddRange(await site.StopAsync());
}

// At this point: both programs have ended, so nothing writes there any more.
if (options.Keep || differences.Count > 0)
    await Console.Out.WriteLineAsync($"Kept: {folder.Root}");
else
    folder.Wipe();

if (differences.Count == 0)
{
    await Console.Out.WriteLineAsync("All as expected; agent and audit server ended cleanly.");
    return AsExpected;
}
await Console.Error.WriteLineAsync($"Not as expected:\n  {string.Join("\n  ", differences)}");
return Failed;

using System.CommandLine;
using Agent.Evidence.Verdicts;
using Agent.Hosting;
using Agent.Keys;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Probing.Files.Layouts;
using Agent.Probing.Files.Volumes;
using Agent.Probing.Onvif;
using Agent.Recorders;
using Agent.Rounds;

namespace Agent.Cli;

/// <summary><c>check PATH</c> and <c>check --config FILE</c>: measure once, tell, write nothing.</summary>
internal sealed class CheckCommand
{
    readonly Argument<string?> _path = new("PATH") { Arity = ArgumentArity.ZeroOrOne, Description = "Folder of recordings" };
    readonly Option<string?> _config = new("--config") { HelpName = "FILE", Description = "Check every recorder of a configuration instead" };
    readonly Option<string> _layout = new("--layout") { HelpName = "auto|NAME|TEMPLATE", Description = "How files are named", DefaultValueFactory = _ => RecorderOptions.RecogniseLayout };
    readonly Option<int> _require = new("--require") { HelpName = "7d|15d|Nd", Description = "Days that bind", DefaultValueFactory = _ => 15, CustomParser = r => Written.Days(r) };
    readonly Option<TimeZoneInfo> _zone = new("--time-zone") { HelpName = "ID", Description = "Zone of local names and of site days", DefaultValueFactory = _ => TimeZoneInfo.Local, CustomParser = r => Written.Zone(r) };
    readonly Option<DateTimeOffset?> _asOf = new("--as-of") { HelpName = "RFC3339", Description = "Ignore later footage", CustomParser = r => Written.Instant(r) };
    readonly Option<DateOnly?> _commissioned = new("--commissioned") { HelpName = "DATE", Description = "Day on which the cameras began to record", CustomParser = r => Written.Date(r) };
    readonly Option<TimeSpan> _dailyLoss = new("--daily-loss") { HelpName = "30m", Description = "Loss a day may have", DefaultValueFactory = _ => TimeSpan.FromMinutes(30), CustomParser = r => Written.Duration(r) };
    readonly Option<bool> _json = new("--json") { Description = "One JSON document" };

    public static Command Build(TimeProvider time)
    {
        var check = new CheckCommand();
        var command = new Command("check", "Measure how far back every camera's footage runs without a break")
        {
            check._path, check._config, check._layout, check._require, check._zone, check._asOf, check._commissioned, check._dailyLoss, check._json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(check._path) is null == result.GetValue(check._config) is null)
                result.AddError("Name a folder of recordings, or a configuration with --config.");
            if (result.GetValue(check._path) is { } path && (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)))
                result.AddError("The folder's name is empty, or no name at all.");
            // Taken and not heeded, they would answer another question than the one asked.
            Option[] ofPath = [check._layout, check._require, check._zone, check._commissioned, check._dailyLoss];
            foreach (var option in ofPath.Where(o => result.GetValue(check._config) is not null && result.GetResult(o) is { Implicit: false }))
                result.AddError($"{option.Name} goes with a folder; with --config the configuration says it.");
        });
        command.SetAction((parsed, cancel) => check.RunAsync(parsed, time, cancel));
        return command;
    }

    async Task<int> RunAsync(ParseResult parsed, TimeProvider time, CancellationToken cancel)
    {
        if (parsed.GetValue(_asOf) > time.GetUtcNow())
        {
            await Console.Error.WriteLineAsync("--as-of lies in the future: nobody can have looked.");
            return ExitCodes.Undetermined;
        }

        Questions asked;
        try
        {
            asked = parsed.GetValue(_config) is { } file ? Configured(file) : AtPath(parsed);
        }
        catch (Exception e) when (e is ConfigurationException or FormatException or KeyFileException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Undetermined;
        }

        // A person waits for it, so it reads as fast as the disk gives; and it writes nothing, so it remembers no volume.
        var (recorders, measurement, patience) = (asked.Recorders, asked.Measurement, asked.Patience);
        var threads = new ReadingThreads(time);
        using var transport = new OnvifTransport();
        var folders = new RecorderLook(
            new FilesProbe(time, new SecondOpinion(time, asked.Opinion)), new VolumeWatch(threads, new VolumeMemory(null), patience, time), threads, patience, time, filesPerSecond: 0);
        var look = new RecorderWitnesses(
            folders,
            new ProfileGProbe(transport, asked.LoginOf, asked.Network, time));
        var results = new List<RoundResult>();
        foreach (var recorder in recorders)
        {
            var outcome = await ShownAsync(recorder, time, look, folders, parsed.GetValue(_asOf), cancel);
            results.Add(new RoundResult(outcome, measurement.Judge(recorder, outcome, Sightings.None)));
        }

        // How long a volume holds is a question of today; of an earlier day nobody knows what was free.
        var storage = parsed.GetValue(_asOf) is null ? RecorderStorage.Of(results) : [];
        var outcomes = results.Select(r => r.Outcome).ToList();
        var reports = results.SelectMany(r => r.Cameras)
            .Select(c => c.With(storage.FirstOrDefault(s => s.Recorder == c.Recorder)?.FindingOf(c.Camera, measurement.Calendar))).ToList();
        var asOf = outcomes.Max(o => o.LookedAt);
        if (parsed.GetValue(_json))
        {
            using var output = Console.OpenStandardOutput();
            CheckDocument.Write(output, asOf, reports, outcomes, storage);
            output.WriteByte((byte)'\n');
        }
        else
            new CheckText(Console.Out, new PlainWords(measurement.Calendar)).Write(asOf, reports, outcomes, [.. storage.SelectMany(s => StorageWords.Drops(s, measurement.Calendar).Prepend(StorageWords.Sentence(s)))]);
        return ExitCodes.Of(ExitCodes.Overall(reports, outcomes), reports, outcomes);
    }

    static async Task<ProbeOutcome> ShownAsync(Recorder recorder, TimeProvider time, RecorderWitnesses look, RecorderLook folders, DateTimeOffset? asOf, CancellationToken cancel)
    {
        using var progress = new ProgressLine(recorder.Id, time);
        using var looked = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // Whoever watches wants to know how long it takes yet; for nobody else is anything counted.
        var counting = progress.IsShown && recorder.HasFolder ? CountAsync(recorder, folders, progress.Know, looked.Token) : Task.CompletedTask;
        try
        {
            return await look.LookAsync(recorder, asOf, progress, cancel);
        }
        finally
        {
            await looked.CancelAsync();
            await counting;
        }
    }

    static async Task CountAsync(Recorder recorder, RecorderLook look, Action<long> know, CancellationToken cancel)
    {
        try
        {
            if (await look.CountAsync(recorder, cancel) is { } count)
                know(count.Files);
        }
        catch (OperationCanceledException)
        {
            // The look was over sooner.
        }
    }

    static Questions Configured(string file)
    {
        var configuration = AgentConfiguration.Read(file);
        var options = configuration.Options;
        return new Questions(configuration.Recorders, new Measurement(options.Policy, new SiteCalendar(configuration.Zone)), options.SecondOpinion, options.Storage, options.Onvif, LoginsOf(options));
    }

    // Whoever checks folders only needs no key to the secrets.
    static Func<string, RecorderLogin?> LoginsOf(AgentOptions options) => options.Recorders.Any(r => r.Address is not null && r.Password is not null)
        ? new RecorderLogins(options.Recorders.Where(r => r.Address is not null), KeptSecrets.Open(options.DataDirectory)).Of
        : _ => null;

    Questions AtPath(ParseResult parsed)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(_path)!));
        var layout = parsed.GetValue(_layout)!;
        if (layout != RecorderOptions.RecogniseLayout)
            _ = Layout.Named(layout);
        var policy = new PolicyOptions { RequiredDays = parsed.GetValue(_require), DailyLoss = parsed.GetValue(_dailyLoss) };
        policy.WeeklyLoss = policy.DailyLoss > policy.WeeklyLoss ? policy.DailyLoss : policy.WeeklyLoss;
        var zone = parsed.GetValue(_zone)!;
        var recorder = new Recorder(Printable.Text(Path.GetFileName(path)), path, layout, zone, new Dictionary<string, CameraOptions>(),
            IsZoneSaid: parsed.GetResult(_zone) is { Implicit: false });
        return new Questions([recorder], new Measurement(policy, new SiteCalendar(zone), parsed.GetValue(_commissioned)), new SecondOpinionOptions(), new StorageOptions(), new OnvifOptions(), _ => null);
    }

    sealed record Questions(
        IReadOnlyList<Recorder> Recorders, Measurement Measurement, SecondOpinionOptions Opinion, StorageOptions Patience, OnvifOptions Network, Func<string, RecorderLogin?> LoginOf);
}

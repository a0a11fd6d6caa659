using Agent.Auditing;
using Agent.Delivery;
using Agent.Keys;
using Agent.Probing.Files.Layouts;
using Agent.Recorders;
using Microsoft.Extensions.Configuration;

namespace Agent.Hosting;

/// <summary>A configuration that was read and found possible, with what it names resolved.</summary>
internal sealed class AgentConfiguration
{
    AgentConfiguration(string file, AgentOptions options, IReadOnlyDictionary<string, string> settings)
    {
        (File, Options, Settings) = (file, options, settings);
        Zone = ZoneOf(options.Site.TimeZone) ?? TimeZoneInfo.Local;
        Recorders = [.. options.Recorders.Select(r => Recorder.From(r, Zone, options.Site.TimeZone.Length > 0))];
    }

    /// <summary>The file it came from.</summary>
    public string File { get; }

    public AgentOptions Options { get; }

    /// <summary>Every value as it is written in the file, by its key ("recorders[0].path"). Holds secrets if the file does.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Zone of the site's days.</summary>
    public TimeZoneInfo Zone { get; }

    public IReadOnlyList<Recorder> Recorders { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; holds every mistake at once.</exception>
    public static AgentConfiguration Read(string file)
    {
        var configuration = ReadFile(file);
        var misshapen = ConfigurationCheck.Shape(configuration, typeof(AgentOptions)).ToList();
        var options = ConfigurationCheck.Without(configuration, [.. misshapen.Select(m => m.Path)]).Get<AgentOptions>() ?? new AgentOptions();
        var mistakes = misshapen.Select(m => m.Mistake)
            .Concat(ConfigurationCheck.Values(options).Concat(Together(options)).Concat(Logins(options, file)).Concat(new UpstreamOptionsValidator().Validate(null, options.Upstream).Failures ?? [])
                .Concat(new PollOptionsValidator().Validate(null, options.Poll).Failures ?? [])
                .Where(mistake => !misshapen.Any(m => mistake.StartsWith($"{ConfigurationCheck.Key(m.Path)}:", StringComparison.OrdinalIgnoreCase))))
            .ToList();
        return mistakes.Count == 0 ? new AgentConfiguration(file, options, SettingsIn(configuration)) : throw new ConfigurationException(file, mistakes);
    }

    /// <summary>Reads only where the data lies, so that what the rest of the file asks for can be put there first.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or does not say.</exception>
    public static string DataDirectoryOf(string file) => ReadFile(file)["dataDirectory"] is { Length: > 0 } directory
        ? directory
        : throw new ConfigurationException(file, ["dataDirectory: it is missing"]);

    static IConfigurationRoot ReadFile(string file)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file), optional: false).Build();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(file, [$"{file}: it cannot be read ({(e is FileNotFoundException or DirectoryNotFoundException ? "it does not exist" : "permission or input/output error")})"]);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new ConfigurationException(file, [$"{file}: it is not JSON ({(e.InnerException ?? e).Message})"]);
        }
    }

    /// <summary>How recorders are signed in at. No sentence holds a character of a password.</summary>
    static IEnumerable<string> Logins(AgentOptions options, string file)
    {
        foreach (var (recorder, i) in options.Recorders.Select((r, i) => (r, i)))
        {
            if (recorder.Username is null != recorder.Password is null)
                yield return $"recorders[{i}]: username and password go together, and one of them is missing";
            if (recorder.Password is { } written && RecorderPassword.MistakeIn(written, file, name => IsKept(options.DataDirectory, name)) is { } mistake)
                yield return $"recorders[{i}].password: {mistake}";
        }
    }

    static bool IsKept(string directory, string name)
    {
        try
        {
            return KeptSecrets.Open(directory).Has(name);
        }
        catch (Exception e) when (e is KeyFileException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    // The binder takes a key in any case, so a change of case is none.
    static Dictionary<string, string> SettingsIn(IConfiguration configuration) => configuration.AsEnumerable()
        .Where(pair => pair.Value is not null)
        .ToDictionary(pair => ConfigurationCheck.KeyInOneCase(pair.Key), pair => pair.Value!, StringComparer.Ordinal);

    /// <summary>What no single value shows: names used twice, zones and layouts that do not exist.</summary>
    static IEnumerable<string> Together(AgentOptions options)
    {
        if (ZoneOf(options.Site.TimeZone) is null && options.Site.TimeZone.Length > 0)
            yield return $"site.timeZone: there is no time zone '{options.Site.TimeZone}' on this machine";
        if (options.Policy.WeeklyLoss < options.Policy.DailyLoss)
            yield return "policy.weeklyLoss: it is smaller than policy.dailyLoss";
        foreach (var id in Twice(options.Recorders.Select(r => r.Id)))
            yield return $"recorders: the id '{id}' is used twice";
        foreach (var code in Twice(options.Recorders.SelectMany(r => r.Cameras).Where(c => c.Code is not null).Select(c => c.Code!)))
            yield return $"recorders: the camera code '{code}' is used twice";
        foreach (var (recorder, i) in options.Recorders.Select((r, i) => (r, i)))
        {
            if (recorder.Path.Length == 0 && recorder.Address is null)
                yield return $"recorders[{i}].path: there is neither a path, where the recordings lie, nor an address, where the recorder answers ONVIF";
            if (recorder.Address is { } address && MistakeInAddress(address) is { } wrong)
                yield return $"recorders[{i}].address: {wrong}";
            if (ZoneOf(recorder.TimeZone) is null && recorder.TimeZone.Length > 0)
                yield return $"recorders[{i}].timeZone: there is no time zone '{recorder.TimeZone}' on this machine";
            if (MistakeIn(recorder.Layout) is { } mistake)
                yield return $"recorders[{i}].layout: {mistake}";
            foreach (var camera in Twice(recorder.Cameras.Select(c => c.Camera)))
                yield return $"recorders[{i}].cameras: '{camera}' is declared twice";
        }
    }

    static IEnumerable<string> Twice(IEnumerable<string> names) => names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);

    static string? MistakeIn(string layout)
    {
        try
        {
            _ = layout == RecorderOptions.RecogniseLayout ? null : Layout.Named(layout);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    // Not shown: somebody may have put a password there.
    static string? MistakeInAddress(string address) =>
        !Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0
            ? "it is not an address such as http://192.0.2.10 or https://nvr.example/onvif/device_service"
        : uri.UserInfo.Length > 0 ? "no login stands in an address; use username and password"
        : uri.Fragment.Length > 0 ? "nothing may stand after a '#'"
        : null;

    static TimeZoneInfo? ZoneOf(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;
}

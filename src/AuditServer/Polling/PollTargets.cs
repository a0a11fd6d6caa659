using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuditServer.Hosting;

namespace AuditServer.Polling;

/// <summary>
/// The agents that can be asked: one file each in a folder that only the server's account can read, because keys lie there. It is read
/// again for every round, so that an address can be set while the server runs. A file that cannot be read asks nobody.
/// </summary>
sealed class PollTargets(string folder, Serilog.ILogger log)
{
    const string Pattern = "*.poll.json";
    const int MaxBytes = 16 << 10;

    public IReadOnlyList<PollTarget> All() => !Directory.Exists(folder)
        ? []
        : [.. Directory.GetFiles(folder, Pattern).Order(StringComparer.Ordinal).Select(TryRead).OfType<PollTarget>().DistinctBy(target => target.Agent)];

    /// <summary>Sets where an agent is asked, in place of what was set before.</summary>
    public void Set(PollTarget target)
    {
        Folders.CreatePrivate(folder);
        var draft = $"{FileOf(target.Agent)}.draft";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, new Dictionary<string, string?>
            {
                ["agent"] = target.Agent, ["url"] = target.Url.AbsoluteUri, ["fingerprint"] = target.Fingerprint, ["bearer"] = target.Bearer, ["clientCertificate"] = target.ClientCertificate,
            });
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, FileOf(target.Agent), overwrite: true);
    }

    /// <summary>Asks an agent no longer.</summary>
    /// <returns>Whether it was asked before.</returns>
    public bool Remove(string agent)
    {
        var was = File.Exists(FileOf(agent));
        File.Delete(FileOf(agent));
        return was;
    }

    // An agent's name may hold what a file's may not.
    string FileOf(string agent) => Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(agent)))[..16]}.poll.json");

    PollTarget? TryRead(string file)
    {
        try
        {
            if (new FileInfo(file).Length > MaxBytes)
                throw new FormatException($"it is larger than {MaxBytes} bytes");

            var fields = JsonSerializer.Deserialize<Dictionary<string, string?>>(File.ReadAllBytes(file)) ?? throw new FormatException("it is empty");
            return PollTarget.Of(Text("agent"), Text("url"), Text("fingerprint"), fields.GetValueOrDefault("bearer"), fields.GetValueOrDefault("clientCertificate"));

            string Text(string name) => fields.GetValueOrDefault(name) ?? throw new FormatException($"\"{name}\" is missing");
        }
        catch (Exception e) when (e is FormatException or JsonException or IOException or UnauthorizedAccessException)
        {
            log.Error("{File} lets no agent be asked: {Reason}", file, e is JsonException ? "it is not a JSON object of texts" : e.Message);
            return null;
        }
    }
}

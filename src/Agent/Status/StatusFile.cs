using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Agent.Status;

/// <summary>
/// The snapshot as a file of the data directory: there whole or not at all, for the owner and group only. It is thrown away and made
/// anew all the time, and nothing is built on it.
/// </summary>
internal static class StatusFile
{
    public const string FileName = "status.json";

    /// <summary>A snapshot older than this is of an agent that does not run.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // Camera names are for people; the file is no page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Write(string directory, AgentStatus status)
    {
        var path = Path.Combine(directory, FileName);
        var draft = path + ".tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerAndGroup;
        using (var file = new FileStream(draft, options))
            JsonSerializer.Serialize(file, status, Json);
        // The process's umask may have taken the group's right away.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(draft, OwnerAndGroup);
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Reads the snapshot; null when there is none, when it is no snapshot of this version, or when the agent is silent.</summary>
    public static AgentStatus? Read(string directory, DateTimeOffset now)
    {
        try
        {
            using var file = new FileStream(Path.Combine(directory, FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var status = JsonSerializer.Deserialize<AgentStatus>(file, Json);
            return status is not null && (now - status.At).Duration() <= LongestSilence ? status : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public static string ToJson(AgentStatus status) => JsonSerializer.Serialize(status, Json);

    /// <summary>An agent that ended in order leaves none.</summary>
    public static void Remove(string directory) => File.Delete(Path.Combine(directory, FileName));
}

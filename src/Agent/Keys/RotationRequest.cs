using System.Text;
using System.Text.Json;

namespace Agent.Keys;

/// <summary>
/// How a command asks the running service to change its key: a file in the data directory, which only those may write who may also
/// read the key. The answer is a file too.
/// </summary>
static class RotationRequest
{
    public const string AskFile = "key-rotate.request";
    public const string AnswerFile = "key-rotate.answer";

    const int LongestId = 64;

    /// <summary>Leaves a request.</summary>
    /// <returns>Its id, with which the answer comes back.</returns>
    public static string Leave(string directory)
    {
        var id = Guid.NewGuid().ToString("N");
        KeyFile.WritePrivate(Path.Combine(directory, AskFile), Encoding.ASCII.GetBytes(id));
        return id;
    }

    /// <summary>Takes a request back, or clears one away that was honoured.</summary>
    public static void Clear(string directory) => File.Delete(Path.Combine(directory, AskFile));

    /// <summary>The id of the request that waits; null when none does.</summary>
    public static string? Waiting(string directory)
    {
        var path = Path.Combine(directory, AskFile);
        try
        {
            return File.Exists(path) && File.ReadAllText(path) is var id ? id[..Math.Min(id.Length, LongestId)] : null;
        }
        catch (FileNotFoundException)
        {
            return null; // taken back at this moment
        }
    }

    /// <summary>Answers a request and clears it away.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="id">Of the request.</param>
    /// <param name="refusal">Why the key was not changed; null when it was.</param>
    public static void Answer(string directory, string id, string? refusal)
    {
        KeyFile.WritePrivate(Path.Combine(directory, AnswerFile), JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string?> { ["id"] = id, ["refusal"] = refusal }));
        Clear(directory);
    }

    /// <summary>The answer to a request.</summary>
    /// <returns>Whether there is one, and why the key was not changed; null when it was.</returns>
    public static (bool Answered, string? Refusal) Answered(string directory, string id)
    {
        var path = Path.Combine(directory, AnswerFile);
        if (!File.Exists(path))
            return (false, null);

        var answer = JsonSerializer.Deserialize<Dictionary<string, string?>>(File.ReadAllBytes(path));
        return answer is not null && answer.GetValueOrDefault("id") == id ? (true, answer.GetValueOrDefault("refusal")) : (false, null);
    }
}

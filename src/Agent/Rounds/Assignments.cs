using System.Collections.Concurrent;
using System.Text.Json;
using Agent.Evidence.Statements;

namespace Agent.Rounds;

/// <summary>
/// The days the authority assigned to cameras, by their codes. They came in signed receipts, which stand in the ledger; the file is what
/// they come to, so that a start need not read the ledger.
/// </summary>
internal sealed class Assignments
{
    public const string FileName = "assignments.json";

    readonly string _path;
    readonly Lock _writing = new();
    readonly ConcurrentDictionary<string, int> _days;

    public Assignments(string directory)
    {
        _path = Path.Combine(directory, FileName);
        _days = new ConcurrentDictionary<string, int>(Read(_path), StringComparer.Ordinal);
    }

    /// <summary>The days assigned to a camera; null when the authority said nothing of it.</summary>
    public int? For(string code) => _days.TryGetValue(code, out var days) ? days : null;

    /// <summary>Takes an assignment; the newest counts.</summary>
    /// <exception cref="IOException">It cannot be kept.</exception>
    public void Take(AssignAsk ask)
    {
        lock (_writing)
        {
            _days[ask.Camera] = ask.RequiredDays;
            var draft = $"{_path}.tmp";
            File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(_days.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary()));
            File.Move(draft, _path, overwrite: true);
        }
    }

    static Dictionary<string, int> Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(path)) ?? [] : [];
        }
        catch (JsonException)
        {
            // The server assigns again what it does not see in a heartbeat; until then the site's own declaration counts.
            return [];
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using Agent.Recorders;

namespace Agent.Probing.Files.Indexing;

/// <summary>The directory indexes of all recorders, each a file in the agent's data directory.</summary>
internal sealed class DirectoryIndexes(string directory) : IDisposable
{
    const int NameLength = 16;

    readonly Dictionary<string, (string Key, DirectoryIndex Index)> _indexes = new(StringComparer.Ordinal);
    readonly Lock _lock = new();

    /// <summary>The index of a recorder. Another path, layout or zone of it is another index in the same place.</summary>
    public DirectoryIndex Of(Recorder recorder)
    {
        var key = $"{recorder.Path}\n{recorder.Layout}\n{recorder.Zone.Id}";
        lock (_lock)
        {
            if (_indexes.TryGetValue(recorder.Id, out var known) && known.Key == key)
                return known.Index;
            known.Index?.Dispose();
            return (_indexes[recorder.Id] = (key, new DirectoryIndex(FileOf(recorder.Id), key))).Index;
        }
    }

    /// <summary>Where the index of a recorder is kept. Ids may hold what a file name may not.</summary>
    public string FileOf(string recorder) =>
        Path.Combine(directory, $"index-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(recorder)))[..NameLength]}.db");

    public void Dispose()
    {
        foreach (var (_, index) in _indexes.Values)
            index.Dispose();
    }
}

using System.Collections.Concurrent;

namespace Agent.Probing.Files.Layouts;

/// <summary>
/// Keeps one string for each camera, so that the name of the same few cameras is not made anew for every file. A tree made to hold
/// endless names is met by keeping no more than so many.
/// </summary>
internal sealed class CameraNames
{
    const int MostKept = 4096;
    const int LongestKept = 256;

    readonly ConcurrentDictionary<string, string> _kept = new(StringComparer.Ordinal);

    public string Of(ReadOnlySpan<char> name)
    {
        if (name.Length > LongestKept)
            return name.ToString();
        if (_kept.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var kept))
            return kept;
        var made = name.ToString();
        return _kept.Count < MostKept ? _kept.GetOrAdd(made, made) : made;
    }

    /// <summary>The camera below a folder.</summary>
    public string Of(ReadOnlySpan<char> folder, string camera)
    {
        Span<char> joined = stackalloc char[LongestKept];
        return folder.TryCopyTo(joined) && folder.Length + 1 + camera.Length <= LongestKept && Append(joined, folder.Length, camera)
            ? Of(joined[..(folder.Length + 1 + camera.Length)])
            : $"{folder}/{camera}";
    }

    static bool Append(Span<char> joined, int at, string camera)
    {
        joined[at] = '/';
        return camera.TryCopyTo(joined[(at + 1)..]);
    }
}

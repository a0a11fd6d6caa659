using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Probing.Files.Containers;

namespace Agent.Probing.Files.IndexFiles;

/// <summary>
/// Surveillance Station's log of what was recorded, one file per camera and half day
/// (<c>CAMERA/@SSRECMETA/RecLog/EPOCH</c>): eight bytes, then seven for every second, of which the first says whether
/// that second was recorded.
/// </summary>
static class SynologyRecLog
{
    const int HeaderLength = 8;
    const int SecondLength = 7;
    const int Seconds = 43_200;
    const int AtOnce = 8192;

    static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether a path, relative or not, is one of these logs.</summary>
    internal static bool Is(ReadOnlySpan<char> path) => TryRead(path, out _, out _);

    /// <exception cref="InvalidDataException">Its name or length cannot be one's.</exception>
    internal static IReadOnlyList<ListedFootage> Read(string fullPath, BoundedReader reader)
    {
        if (!TryRead(fullPath, out var camera, out var start))
            throw new InvalidDataException("not a recording log by its name");
        if (reader.Length is < HeaderLength or > HeaderLength + (long)SecondLength * Seconds)
            throw new InvalidDataException("a recording log of a length no half day has");

        var seconds = (int)((reader.Length - HeaderLength) / SecondLength);
        var listed = new List<ListedFootage>();
        int? from = null;
        for (var at = 0; at < seconds;)
        {
            var block = reader.Peek(HeaderLength + (long)at * SecondLength, Math.Min(AtOnce, seconds - at) * SecondLength);
            var count = block.Length / SecondLength;
            if (count == 0)
                throw new InvalidDataException("the recording log became shorter while it was read");

            for (var i = 0; i < count; i++)
            {
                var isRecorded = block[i * SecondLength] != 0;
                if (isRecorded == from is not null)
                    continue;
                if (from is { } begun)
                    listed.Add(Footage(camera, start, begun, at + i, isOpen: false));
                from = isRecorded ? at + i : null;
            }

            at += count;
        }

        if (from is { } last)
            listed.Add(Footage(camera, start, last, seconds, isOpen: seconds < Seconds));
        return listed;
    }

    static ListedFootage Footage(string camera, DateTimeOffset start, int from, int to, bool isOpen) =>
        new(camera, new TimeRange(start.AddSeconds(from), start.AddSeconds(to)), 0, isOpen ? ListedState.Open : ListedState.Whole);

    static bool TryRead(ReadOnlySpan<char> path, out string camera, out DateTimeOffset start)
    {
        (camera, start) = ("", default);
        var epoch = Part(ref path);
        if (!Part(ref path).SequenceEqual("RecLog") || !Part(ref path).SequenceEqual("@SSRECMETA") || Part(ref path) is not { IsEmpty: false } folder)
            return false;
        if (!long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds % Seconds != 0 || seconds > uint.MaxValue || DateTimeOffset.FromUnixTimeSeconds(seconds) < Earliest)
            return false;

        (camera, start) = (folder.ToString(), DateTimeOffset.FromUnixTimeSeconds(seconds));
        return true;
    }

    /// <summary>Takes the last part off a path.</summary>
    static ReadOnlySpan<char> Part(ref ReadOnlySpan<char> path)
    {
        var cut = path.LastIndexOfAny('/', '\\');
        var part = path[(cut + 1)..];
        path = cut < 0 ? [] : path[..cut];
        return part;
    }
}

using System.Globalization;
using Agent.Evidence.Timelines;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>
/// Synology Surveillance Station's recording log: <c>CAMERA/@SSRECMETA/RecLog/EPOCH</c>, one file for each 43,200
/// seconds of UTC, named by the first of them; a head of 8 bytes, then 7 bytes a second, the first of which is not zero
/// where that second was recorded.
/// </summary>
/// <remarks>
/// Uncertain: the head and the other six bytes (zeros here), the value of the first byte beyond "not zero" (1 here),
/// and whether the file of the running half day grows or is laid out in advance (<c>now</c> cuts it).
/// </remarks>
static class RecLogGenerator
{
    const int SecondsPerFile = 43_200, HeadLength = 8, SecondLength = 7;

    /// <param name="truth">What was recorded; a second counts when any part of it was.</param>
    /// <param name="now">Where the newest file ends; null lays it out in advance.</param>
    /// <returns>The folder RecLog.</returns>
    internal static string Write(string root, string camera, IReadOnlyList<TimeRange> truth, DateTimeOffset? now = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, camera, "@SSRECMETA", "RecLog")).FullName;
        foreach (var (epoch, content) in Files(truth, now))
            File.WriteAllBytes(Path.Combine(folder, epoch.ToString(CultureInfo.InvariantCulture)), content);
        return folder;
    }

    internal static SortedDictionary<long, byte[]> Files(IReadOnlyList<TimeRange> truth, DateTimeOffset? now = null)
    {
        var files = new SortedDictionary<long, byte[]>();
        foreach (var range in truth)
        {
            for (var second = range.From.ToUnixTimeSeconds(); second * TimeSpan.TicksPerSecond < (range.To - DateTimeOffset.UnixEpoch).Ticks; second++)
            {
                var epoch = second - second % SecondsPerFile;
                if (!files.TryGetValue(epoch, out var file))
                    files[epoch] = file = new byte[HeadLength + SecondLength * SecondsPerFile];
                file[HeadLength + SecondLength * (second - epoch)] = 1;
            }
        }

        if (now is { } end && files.Count > 0 && files.Keys.Last() is var last && end.ToUnixTimeSeconds() < last + SecondsPerFile)
            files[last] = files[last][..(int)(HeadLength + SecondLength * Math.Max(0, end.ToUnixTimeSeconds() - last))];
        return files;
    }
}

using System.Text;

namespace Agent.Probing.Files.Volumes;

/// <summary>What is mounted where. The kernel answers this from memory: asking never waits for a volume that hangs.</summary>
internal sealed class MountTable(IReadOnlyList<Mount> mounts)
{
    const string Kernel = "/proc/self/mountinfo";

    /// <summary>Mounts in the order in which they were made.</summary>
    public IReadOnlyList<Mount> Mounts => mounts;

    /// <summary>The table of this machine; empty where there is none.</summary>
    public static MountTable Read()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Parse(File.ReadAllText(Kernel)) : new MountTable([]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new MountTable([]);
        }
    }

    /// <summary>Reads the format of proc(5), "/proc/pid/mountinfo"; a line that is none is left out.</summary>
    public static MountTable Parse(string text) => new([.. text.Split('\n').Select(ReadLine).OfType<Mount>()]);

    /// <summary>The volume that holds a path, by the path's text alone: of several the innermost, and of those at one place the newest.</summary>
    /// <param name="path">Full, with no link in it.</param>
    public Mount? Of(string path) => mounts.Where(m => m.Holds(path)).Aggregate((Mount?)null, (inner, m) => inner is null || m.Point.Length >= inner.Point.Length ? m : inner);

    public bool HasPoint(string point) => mounts.Any(m => m.Point == point);

    // 36 35 98:0 /root /mount/point rw,noatime master:1 - ext4 /dev/sda1 rw,errors=continue
    static Mount? ReadLine(string line)
    {
        var halves = line.Split(" - ", 2);
        if (halves.Length != 2 || halves[0].Split(' ') is not [_, _, _, var root, var point, _, ..] || halves[1].Split(' ') is not [var fileSystem, var source, var options, ..])
            return null;
        return new Mount(Unescaped(point), fileSystem, Unescaped(source), options.Split(',').Contains("ro")) { Root = Unescaped(root) };
    }

    // Blanks and backslashes stand there as three octal digits of a byte.
    static string Unescaped(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var bytes = new List<byte>();
        var source = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '\\' && i + 3 < source.Length && source.AsSpan(i + 1, 3).IndexOfAnyExceptInRange((byte)'0', (byte)'7') < 0)
            {
                bytes.Add((byte)((source[i + 1] - '0') * 64 + (source[i + 2] - '0') * 8 + source[i + 3] - '0'));
                i += 3;
            }
            else
                bytes.Add(source[i]);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}

using System.Collections.Frozen;
using Agent.Probing.Files.IndexFiles;

namespace Agent.Probing.Files.Layouts;

/// <summary>Turns a path into a camera and a start, and says which files of a recorder are footage.</summary>
/// <param name="Name">How it is named in output.</param>
/// <param name="Template">The pattern of its paths; where an index is the truth, of the files that index speaks for.</param>
/// <param name="Utc">Times in its paths are UTC, whatever the zone of the recorder.</param>
/// <param name="Proven">It was held against what real recorders write.</param>
internal sealed record Layout(string Name, PathTemplate Template, bool Utc, bool Proven)
{
    /// <summary>What video files are called where nothing else is known.</summary>
    public static readonly FrozenSet<string> Ordinary = Of(".mp4", ".m4s", ".mov", ".mkv", ".webm", ".ts", ".m2ts", ".mts", ".avi", ".flv", ".mpg", ".dav");

    static readonly CameraNames Cameras = new();

    /// <summary>Extensions, with the dot, of the files that may be footage or an index of it. Empty for names without one.</summary>
    public FrozenSet<string> Extensions { get; init; } = Ordinary;

    /// <summary>Name of the file in the same folder that holds the movie header of header-less fragments; null where each file has its own.</summary>
    public string? InitFile { get; init; }

    /// <summary>The recorder's own index, when that is the truth and the files beside it tell nothing by their names.</summary>
    public IndexFile? Index { get; init; }

    /// <summary>The name in the path tells cameras of one recorder apart only; the folders before the template are part of the camera's name.</summary>
    public bool PrefixNamesCamera { get; init; }

    /// <summary>Files that belong to the recorder and are no footage of their own, by their name without extension.</summary>
    public IReadOnlyList<PathTemplate> Beside { get; init; } = [];

    /// <summary>Whether its names tell the time by a clock, of whatever zone: then <see cref="ZoneEvidence"/> can be asked of which.</summary>
    public bool NamesTellClock => Index is null && Template.IsLocal;

    /// <summary>The zone of its names.</summary>
    /// <param name="recorder">The zone of the recorder.</param>
    public TimeZoneInfo ZoneOf(TimeZoneInfo recorder) => Utc ? TimeZoneInfo.Utc : recorder;

    /// <summary>A set of extensions.</summary>
    public static FrozenSet<string> Of(params string[] extensions) => extensions.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The camera of a path without <c>{camera}</c> that lies in the recorder's folder itself is named like that folder.</summary>
    public bool TryPlace(ReadOnlySpan<char> pathWithoutExtension, string rootName, TimeZoneInfo zone, out string camera, out StartTime start)
    {
        if (Index is not null || !Template.Matches(pathWithoutExtension, out var fields, out var prefix))
        {
            (camera, start) = ("", default);
            return false;
        }
        camera = NameOf(fields.Camera, prefix, rootName);
        var here = ZoneOf(zone);
        start = Template.TellsTime ? StartTime.Of(fields, here) : Template.TellsDay ? StartTime.OnDay(fields, here) : StartTime.Untold();
        return true;
    }

    /// <summary>The recorder's name for a camera.</summary>
    /// <param name="inPath">What stands in the place of <c>{camera}</c>; null when the template has none.</param>
    /// <param name="prefix">The folders before the template.</param>
    /// <param name="rootName">The recorder's folder.</param>
    public string NameOf(string? inPath, ReadOnlySpan<char> prefix, string rootName) => inPath is null
        ? prefix.IsEmpty ? rootName : Cameras.Of(prefix)
        : PrefixNamesCamera && !prefix.IsEmpty ? Cameras.Of(prefix, inPath) : inPath;

    /// <summary>Whether a file is the recorder's own and yet no footage to be looked at by itself.</summary>
    /// <param name="path">Relative, with extension.</param>
    public bool IsBeside(ReadOnlySpan<char> path)
    {
        if (InitFile is not null && path[(path.LastIndexOf('/') + 1)..].Equals(InitFile, StringComparison.OrdinalIgnoreCase))
            return true;
        var bare = WithoutExtension(path);
        foreach (var template in Beside)
            if (template.Matches(bare, out _, out _))
                return Index?.Is(path) != true;
        return Index is { } index && !index.Is(path) && Template.Matches(bare, out _, out _);
    }

    /// <summary>Whether a file is what this layout describes: footage, or the recorder's index of it.</summary>
    /// <param name="path">Relative, with extension.</param>
    public bool Explains(ReadOnlySpan<char> path) => Index is { } index
        ? index.Is(path) || (HasItsExtension(path) && Template.Matches(WithoutExtension(path), out _, out _))
        : HasItsExtension(path) && Template.Matches(WithoutExtension(path), out _, out _);

    /// <summary>Whether a file may be footage in this layout, by its extension.</summary>
    public bool HasItsExtension(ReadOnlySpan<char> path) => Extensions.GetAlternateLookup<ReadOnlySpan<char>>().Contains(Path.GetExtension(path));

    /// <summary>The configured layout: a known one by name, or a template.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static Layout Named(string name) =>
        KnownLayouts.All.FirstOrDefault(l => string.Equals(l.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? (name.Contains('%', StringComparison.Ordinal)
            ? new Layout(name, PathTemplate.Parse(name), Utc: false, Proven: true)
            : throw new FormatException($"There is no layout '{name}'. Known are auto, {string.Join(", ", KnownLayouts.All.Select(l => l.Name))}, and templates such as {{camera}}/%Y-%m-%d_%H-%M-%S."));

    static ReadOnlySpan<char> WithoutExtension(ReadOnlySpan<char> path) => path[..^Path.GetExtension(path).Length];
}

namespace Agent.Probing.Files.Layouts;

/// <summary>
/// A strftime-like pattern of paths: <c>%Y %y %m %d %H %M %S %f</c> (fraction) <c>%L</c> (milliseconds of the second) <c>%s</c>
/// (Unix seconds) <c>%Q</c> (Unix milliseconds) <c>%z</c> (+0800) <c>%v</c> (a running number) <c>%x</c> (sixteen hexadecimal digits), <c>{camera}</c>, <c>*</c> (anything
/// within a part), <c>{a|b}</c> (one or the other within a part; one may be nothing), <c>%%</c>. It is held against the end of a
/// path, without the extension; folders before it are the prefix.
/// </summary>
/// <remarks>Held against every file of a recorder: matching allocates nothing but the name of a camera not met before.</remarks>
internal sealed class PathTemplate
{
    readonly PathPart[] _parts;
    readonly CameraNames _cameras = new();

    PathTemplate(string text, PathPart[] parts)
    {
        (Text, _parts) = (text, parts);
        HasCamera = parts.Any(p => p.Has('c'));
        TellsTime = parts.Any(p => p.Has('s') || p.Has('Q')) || (TellsDay && "HM".All(k => parts.Any(p => p.Has(k))));
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Folders and file name it describes.</summary>
    public int Parts => _parts.Length;

    public bool HasCamera { get; }

    /// <summary>Whether its paths tell when a file begins, to the minute at least.</summary>
    public bool TellsTime { get; }

    /// <summary>Whether they tell the day on which it does.</summary>
    public bool TellsDay => (Has('Y') || Has('y')) && Has('m') && Has('d');

    /// <summary>Whether they tell it by a clock of which one must know the zone.</summary>
    public bool IsLocal => TellsTime && !Has('s') && !Has('Q') && !Has('z');

    /// <summary>Reads a template as people write it.</summary>
    /// <exception cref="FormatException">It holds something unknown, or tells no time.</exception>
    public static PathTemplate Parse(string text) => Loose(text) is { TellsTime: true } template
        ? template
        : throw new FormatException($"The template '{text}' tells no time: it needs %s, or %Y %m %d %H %M.");

    /// <summary>Reads a template of which a layout knows what to do when it tells no time.</summary>
    /// <exception cref="FormatException">It holds something unknown.</exception>
    public static PathTemplate Loose(string text) => new(text, [.. text.Trim('/').Split('/').Select(PathPart.Parse)]);

    /// <summary>Holds the template against the end of a path.</summary>
    /// <param name="path">Relative path with '/' between parts and without extension.</param>
    /// <param name="fields">What was read.</param>
    /// <param name="prefix">The folders before it, without the slash at the end.</param>
    public bool Matches(ReadOnlySpan<char> path, out PathFields fields, out ReadOnlySpan<char> prefix)
    {
        fields = new PathFields();
        var rest = path;
        for (var i = _parts.Length - 1; i >= 0; i--)
        {
            var slash = rest.LastIndexOf('/');
            if ((slash < 0 && i > 0) || !_parts[i].Read(rest[(slash + 1)..], _cameras, ref fields))
            {
                prefix = default;
                return false;
            }
            rest = slash < 0 ? default : rest[..slash];
        }
        prefix = rest;
        return fields.UnixSeconds is not null || fields.ClockTime is not null;
    }

    /// <summary>Holds the first parts of the template against a folder below the prefix.</summary>
    /// <param name="folder">Parts of the folder's path below the prefix; at most as many as the template has folders.</param>
    /// <param name="fields">What was read.</param>
    public bool MatchesFolder(ReadOnlySpan<string> folder, out PathFields fields)
    {
        fields = new PathFields();
        for (var i = 0; i < folder.Length; i++)
            if (i >= _parts.Length - 1 || !_parts[i].Read(folder[i], _cameras, ref fields))
                return false;
        return true;
    }

    bool Has(char kind) => _parts.Any(p => p.Has(kind));
}

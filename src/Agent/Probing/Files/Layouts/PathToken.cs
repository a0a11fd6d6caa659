namespace Agent.Probing.Files.Layouts;

/// <summary>A piece of a template: fixed text, a number, an offset, or a stretch of anything.</summary>
internal sealed class PathToken
{
    // Within what DateTimeOffset takes; no zone is further from UTC.
    static readonly TimeSpan FurthestOffset = TimeSpan.FromHours(14);

    readonly string _literal;
    readonly int _least;
    readonly int _most;

    PathToken(char kind, string literal, int least, int most) => (Kind, _literal, _least, _most) = (kind, literal, least, most);

    /// <summary>The letter behind the '%', 'c' for the camera, '*', or '\0' for fixed text.</summary>
    public char Kind { get; }

    public static bool IsKnown(char kind) => "YymdHMSfLsQzvx".Contains(kind, StringComparison.Ordinal);

    public static PathToken Of(string literal) => new('\0', literal, literal.Length, literal.Length);

    public static PathToken Of(char kind)
    {
        var (least, most) = kind switch
        {
            'Y' => (4, 4),
            'f' => (1, 7),
            'L' => (1, 3),
            's' => (9, 11),
            'Q' => (12, 14),
            'v' => (1, 18),
            'z' => (5, 5),
            'x' => (16, 16),
            'c' or '*' => (1, int.MaxValue),
            _ => (2, 2),
        };
        return new PathToken(kind, "", least, most);
    }

    /// <summary>Where the token can end first when it begins at a place: numbers as long as they can be, anything else as short; -1 nowhere.</summary>
    public int FirstEnd(ReadOnlySpan<char> name, int at, PathToken? next)
    {
        switch (Kind)
        {
            case '\0':
                return name[at..].StartsWith(_literal, StringComparison.Ordinal) ? at + _literal.Length : -1;
            case 'c' or '*':
                return Stretch(name, at + 1, next);
            case 'z':
                return IsOffset(name[at..]) ? at + 5 : -1;
            default:
                var end = at;
                while (end < name.Length && end - at < _most && (Kind == 'x' ? char.IsAsciiHexDigitLower(name[end]) : char.IsAsciiDigit(name[end])))
                    end++;
                return end - at >= _least ? end : -1;
        }
    }

    /// <summary>Where it can end when it cannot end there; -1 nowhere else.</summary>
    public int NextEnd(ReadOnlySpan<char> name, int at, int end, PathToken? next) => Kind switch
    {
        '\0' or 'z' => -1,
        'c' or '*' => Stretch(name, end + 1, next),
        _ => end - 1 - at >= _least ? end - 1 : -1,
    };

    /// <summary>Takes over what the name says in its place.</summary>
    public void Read(ReadOnlySpan<char> text, CameraNames cameras, ref PathFields fields)
    {
        switch (Kind)
        {
            case '\0' or '*' or 'v' or 'x': // a running number counts events; it says nothing of time
                break;
            case 'c':
                fields.Camera = cameras.Of(text);
                break;
            case 'z':
                var offset = OffsetIn(text);
                fields.Offset = text[0] == '-' ? -offset : offset;
                break;
            default:
                fields.Set(Kind, Number(text), text.Length);
                break;
        }
    }

    // A stretch of anything ends where the fixed text behind it begins, or with the name.
    static int Stretch(ReadOnlySpan<char> name, int earliest, PathToken? next)
    {
        if (earliest > name.Length)
            return -1;
        if (next is null)
            return name.Length;
        if (next.Kind != '\0')
            return earliest;
        var ahead = name[earliest..].IndexOf(next._literal, StringComparison.Ordinal);
        return ahead < 0 ? -1 : earliest + ahead;
    }

    static bool IsOffset(ReadOnlySpan<char> text) =>
        text.Length >= 5 && text[0] is '+' or '-' && !text[1..5].ContainsAnyExceptInRange('0', '9')
            && Number(text[3..5]) <= 59 && OffsetIn(text) <= FurthestOffset;

    static TimeSpan OffsetIn(ReadOnlySpan<char> text) => new((int)Number(text[1..3]), (int)Number(text[3..5]), 0);

    static long Number(ReadOnlySpan<char> digits)
    {
        var value = 0L;
        foreach (var digit in digits)
            value = value * 10 + (digit - '0');
        return value;
    }
}

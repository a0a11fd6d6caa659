using System.Globalization;

namespace Agent.Probing.Files.Layouts;

/// <summary>
/// A strftime-like pattern of paths: <c>%Y %m %d %H %M %S %f</c> (fraction) <c>%s</c> (Unix seconds) <c>%z</c> (+0800) <c>%v</c>
/// (a running number), <c>{camera}</c>, <c>*</c> (anything within a part), <c>%%</c>. It is held against the end of a path, without
/// the extension; folders before it are the prefix.
/// </summary>
internal sealed class PathTemplate
{
    // What DateTimeOffset takes; no zone is further from UTC.
    static readonly TimeSpan FurthestOffset = TimeSpan.FromHours(14);

    readonly Token[][] _parts;

    PathTemplate(string text, Token[][] parts) => (Text, _parts) = (text, parts);

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Folders and file name it describes.</summary>
    public int Parts => _parts.Length;

    public bool HasCamera => _parts.Any(p => p.Any(t => t.Kind == 'c'));

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">It holds something unknown, or tells no time.</exception>
    public static PathTemplate Parse(string text)
    {
        var parts = text.Trim('/').Split('/').Select(ParsePart).ToArray();
        var kinds = parts.SelectMany(p => p).Select(t => t.Kind).ToHashSet();
        if (!kinds.Contains('s') && !"YmdHM".All(kinds.Contains))
            throw new FormatException($"The template '{text}' tells no time: it needs %s, or %Y %m %d %H %M.");
        return new PathTemplate(text, parts);
    }

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
            if (!Match(_parts[i], rest[(slash + 1)..], ref fields) || (slash < 0 && i > 0))
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
            if (i >= _parts.Length - 1 || !Match(_parts[i], folder[i], ref fields))
                return false;
        return true;
    }

    static Token[] ParsePart(string part)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] == '%' && i + 1 < part.Length && "YmdHMSfszv%".Contains(part[i + 1], StringComparison.Ordinal))
                tokens.Add(part[++i] == '%' ? new Token('\0', "%") : new Token(part[i], ""));
            else if (part[i] == '%')
                throw new FormatException($"The template has '{part[i..Math.Min(part.Length, i + 2)]}', which is not known. Known are %Y %m %d %H %M %S %f %s %z %v %%.");
            else if (part.AsSpan(i).StartsWith("{camera}", StringComparison.Ordinal))
            {
                tokens.Add(new Token('c', ""));
                i += "{camera}".Length - 1;
            }
            else if (part[i] == '{')
                throw new FormatException($"The template has '{part[i..]}', which is not known. The only word in braces is {{camera}}.");
            else if (part[i] == '*')
                tokens.Add(new Token('*', ""));
            else
                tokens.Add(new Token('\0', part[i].ToString()));
        }
        return [.. tokens];
    }

    static bool Match(ReadOnlySpan<Token> tokens, ReadOnlySpan<char> text, ref PathFields f)
    {
        if (tokens.IsEmpty)
            return text.IsEmpty;
        var token = tokens[0];
        var rest = tokens[1..];
        switch (token.Kind)
        {
            case '\0':
                return text.StartsWith(token.Literal, StringComparison.Ordinal) && Match(rest, text[token.Literal.Length..], ref f);
            case 'c' or '*':
                for (var length = 1; length <= text.Length; length++)
                {
                    var attempt = f;
                    if (!Match(rest, text[length..], ref attempt))
                        continue;
                    f = attempt;
                    f.Camera = token.Kind == 'c' ? text[..length].ToString() : f.Camera;
                    return true;
                }
                return false;
            case 'z':
                return MatchOffset(text, ref f) && Match(rest, text[5..], ref f);
            default:
                return MatchNumber(token.Kind, rest, text, ref f);
        }
    }

    static bool MatchNumber(char kind, ReadOnlySpan<Token> rest, ReadOnlySpan<char> text, ref PathFields f)
    {
        var (least, most) = kind switch { 'Y' => (4, 4), 'f' => (1, 7), 's' => (9, 11), 'v' => (1, 9), _ => (2, 2) };
        for (var digits = most; digits >= least; digits--)
        {
            if (digits > text.Length || text[..digits].ContainsAnyExceptInRange('0', '9'))
                continue;
            var attempt = f;
            Set(ref attempt, kind, long.Parse(text[..digits], CultureInfo.InvariantCulture), digits);
            if (!Match(rest, text[digits..], ref attempt))
                continue;
            f = attempt;
            return true;
        }
        return false;
    }

    static void Set(ref PathFields f, char kind, long value, int digits)
    {
        switch (kind)
        {
            case 'Y': f.Year = (int)value; break;
            case 'm': f.Month = (int)value; break;
            case 'd': f.Day = (int)value; Refine(ref f, TimeSpan.FromDays(1)); break;
            case 'H': f.Hour = (int)value; Refine(ref f, TimeSpan.FromHours(1)); break;
            case 'M': f.Minute = (int)value; Refine(ref f, TimeSpan.FromMinutes(1)); break;
            case 'S': f.Second = (int)value; Refine(ref f, TimeSpan.FromSeconds(1)); break;
            case 'f': f.FractionTicks = value * (long)Math.Pow(10, 7 - digits); break;
            case 's': f.UnixSeconds = value; Refine(ref f, TimeSpan.FromSeconds(1)); break;
            default: break; // %v numbers events; it says nothing of time
        }
    }

    static void Refine(ref PathFields f, TimeSpan unit) => f.Unit = unit < f.Unit ? unit : f.Unit;

    static bool MatchOffset(ReadOnlySpan<char> text, ref PathFields f)
    {
        if (text.Length < 5 || text[0] is not ('+' or '-') || text[1..5].ContainsAnyExceptInRange('0', '9'))
            return false;
        var hours = int.Parse(text[1..3], CultureInfo.InvariantCulture);
        var minutes = int.Parse(text[3..5], CultureInfo.InvariantCulture);
        var offset = new TimeSpan(hours, minutes, 0);
        if (minutes > 59 || offset > FurthestOffset)
            return false;
        f.Offset = text[0] == '-' ? -offset : offset;
        return true;
    }

    readonly record struct Token(char Kind, string Literal);
}

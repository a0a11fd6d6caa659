namespace Agent.Probing.Files.Layouts;

/// <summary>One folder or the file name of a template: one or several ways of writing it, tried in order.</summary>
internal sealed class PathPart
{
    const int MostWays = 16;
    const int MostTokens = 64;

    // A name can be made so that trying every place of every '*' takes for ever. None of a recorder needs a hundredth of this.
    const int MostSteps = 4096;

    readonly PathToken[][] _ways;
    readonly int _longest;

    PathPart(PathToken[][] ways) => (_ways, _longest) = (ways, ways.Max(way => way.Length));

    public bool Has(char kind) => _ways.Any(way => way.Any(token => token.Kind == kind));

    /// <summary>Reads the template of one part.</summary>
    /// <exception cref="FormatException">It holds something unknown.</exception>
    public static PathPart Parse(string text)
    {
        List<string> ways = [""];
        var rest = text;
        while (rest.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open)
        {
            var close = rest.IndexOf('}', open);
            var inside = close < 0 ? "" : rest[(open + 1)..close];
            if (inside != "camera" && !inside.Contains('|', StringComparison.Ordinal))
                throw new FormatException($"The template has '{rest[open..]}', which is not known. In braces stand {{camera}}, or {{one|other}}.");
            string[] here = inside == "camera" ? ["{camera}"] : inside.Split('|');
            ways = [.. ways.SelectMany(way => here.Select(one => $"{way}{rest[..open]}{one}"))];
            rest = rest[(close + 1)..];
            if (ways.Count > MostWays)
                throw new FormatException($"The template has more than {MostWays} ways to write '{text}'.");
        }
        return new PathPart([.. ways.Select(way => ParseWay(way + rest))]);
    }

    /// <summary>Holds the part against a name, and reads it in the first way that fits.</summary>
    public bool Read(ReadOnlySpan<char> name, CameraNames cameras, ref PathFields fields)
    {
        Span<int> ends = stackalloc int[_longest];
        foreach (var way in _ways)
        {
            if (!Fits(way, name, ends))
                continue;
            for (var i = 0; i < way.Length; i++)
                way[i].Read(name[(i == 0 ? 0 : ends[i - 1])..ends[i]], cameras, ref fields);
            return true;
        }
        return false;
    }

    /// <summary>Finds where every token ends; goes back to the last token that can end elsewhere when one does not fit.</summary>
    static bool Fits(ReadOnlySpan<PathToken> way, ReadOnlySpan<char> name, Span<int> ends)
    {
        if (way.IsEmpty)
            return name.IsEmpty;
        var (i, at) = (0, 0);
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var end = way[i].FirstEnd(name, at, Next(way, i));
            while (end < 0 || (i == way.Length - 1 && end < name.Length))
            {
                if (end >= 0)
                {
                    end = way[i].NextEnd(name, at, end, Next(way, i));
                    if (++steps >= MostSteps)
                        return false;
                    continue;
                }
                if (--i < 0)
                    return false;
                at = i == 0 ? 0 : ends[i - 1];
                end = way[i].NextEnd(name, at, ends[i], Next(way, i));
            }
            ends[i] = at = end;
            if (++i == way.Length)
                return true;
        }
        return false;
    }

    static PathToken? Next(ReadOnlySpan<PathToken> way, int i) => i + 1 < way.Length ? way[i + 1] : null;

    static PathToken[] ParseWay(string text)
    {
        var tokens = new List<PathToken>();
        var literal = "";
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 1 < text.Length && text[i + 1] == '%')
                literal += text[++i];
            else if (text[i] == '%' && i + 1 < text.Length && PathToken.IsKnown(text[i + 1]))
                Add(PathToken.Of(text[++i]));
            else if (text[i] == '%')
                throw new FormatException($"The template has '{text[i..Math.Min(text.Length, i + 2)]}', which is not known. Known are %Y %y %m %d %H %M %S %f %L %s %Q %z %v %x %%.");
            else if (text.AsSpan(i).StartsWith("{camera}", StringComparison.Ordinal))
            {
                Add(PathToken.Of('c'));
                i += "{camera}".Length - 1;
            }
            else if (text[i] == '*')
                Add(PathToken.Of('*'));
            else
                literal += text[i];
        }
        Add(null);
        return tokens.Count <= MostTokens ? [.. tokens] : throw new FormatException($"The template has more than {MostTokens} pieces in '{text}'.");

        void Add(PathToken? token)
        {
            if (literal.Length > 0)
                tokens.Add(PathToken.Of(literal));
            literal = "";
            if (token is not null)
                tokens.Add(token);
        }
    }
}

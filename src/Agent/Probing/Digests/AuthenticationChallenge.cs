namespace Agent.Probing.Digests;

/// <summary>One way in that a peer offers: RFC 9110, 11.3, read as devices really write it.</summary>
/// <param name="Scheme">Lower case, such as "digest".</param>
/// <param name="Parameters">By lower-case name, without the quotes. What stands between quotes is kept as it was sent, since it is hashed and sent back.</param>
internal sealed record AuthenticationChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    // More than any device sends, and little enough to be read a thousand times.
    const int LongestHeader = 8192;
    const int MostHeaders = 16;
    const int MostParts = 64;

    /// <summary>All offers of the <c>WWW-Authenticate</c> headers of one reply, in the peer's order; what makes no sense is left out.</summary>
    /// <param name="headers">Their values, each byte one character (Latin-1). One may hold several challenges.</param>
    public static IReadOnlyList<AuthenticationChallenge> All(IEnumerable<string> headers)
    {
        var found = new List<AuthenticationChallenge>();
        foreach (var header in headers.Take(MostHeaders))
            if (header.Length <= LongestHeader && !header.Any(character => char.IsControl(character) && character != '\t'))
                Add(header, found);
        return found;
    }

    /// <summary>Whether a reply offers this scheme.</summary>
    public static bool Offers(IEnumerable<string> headers, string scheme) =>
        All(headers).Any(challenge => string.Equals(challenge.Scheme, scheme, StringComparison.OrdinalIgnoreCase));

    static void Add(string header, List<AuthenticationChallenge> found)
    {
        Dictionary<string, string>? parameters = null;
        foreach (var part in Parts(header).Take(MostParts))
        {
            var (name, value) = Halves(part);
            // "Digest realm=..." begins a challenge: before the parameter's name stands the scheme.
            var space = name.IndexOfAny([' ', '\t']);
            if (value is null || space > 0)
            {
                parameters = new Dictionary<string, string>(StringComparer.Ordinal);
                found.Add(new AuthenticationChallenge((space > 0 ? name[..space] : name).ToLowerInvariant(), parameters));
                name = space > 0 ? name[space..].Trim() : "";
            }
            // A parameter said twice is a mistake or a trick; the first stands.
            if (value is not null && name.Length > 0)
                parameters?.TryAdd(name.ToLowerInvariant(), value);
        }
    }

    /// <summary>What stands between the commas that are not in quotes.</summary>
    static IEnumerable<string> Parts(string header)
    {
        var (from, quoted) = (0, false);
        for (var at = 0; at <= header.Length; at++)
        {
            if (at == header.Length || header[at] == ',' && !quoted)
            {
                if (header[from..at].Trim() is { Length: > 0 } part)
                    yield return part;
                from = at + 1;
            }
            else if (quoted && header[at] == '\\')
                at = Math.Min(at + 1, header.Length - 1);
            else if (header[at] == '"')
                quoted = !quoted;
        }
    }

    static (string Name, string? Value) Halves(string part)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return (part, null);
        var value = part[(equals + 1)..].Trim();
        return (part[..equals].Trim(), value is ['"', .. var inner, '"'] ? inner : value.Trim('"'));
    }
}

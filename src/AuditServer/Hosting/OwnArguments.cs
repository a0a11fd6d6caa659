namespace AuditServer.Hosting;

/// <summary>What belongs to one verb on the command line, beside what all of them share.</summary>
sealed class OwnArguments
{
    readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    OwnArguments()
    {
    }

    public int Count => _values.Count;

    /// <summary>Takes a verb's own options out of the rest.</summary>
    /// <exception cref="FormatException">One is repeated or has no value.</exception>
    public static OwnArguments Split(IReadOnlyList<string> arguments, IReadOnlyCollection<string> options, out List<string> rest)
    {
        var own = new OwnArguments();
        rest = [];
        for (var i = 1; i < arguments.Count; i += 2)
        {
            if (!options.Contains(arguments[i]))
                rest.AddRange(arguments.Skip(i).Take(2));
            else if (i + 1 == arguments.Count || arguments[i + 1].Length == 0)
                throw new FormatException($"{arguments[i]} needs a value.");
            else if (!own._values.TryAdd(arguments[i], arguments[i + 1]))
                throw new FormatException($"{arguments[i]} is given twice.");
        }

        return own;
    }

    /// <summary>The value of an option; null when it is not given.</summary>
    public string? Of(string option) => _values.GetValueOrDefault(option);

    /// <exception cref="FormatException">It is not given.</exception>
    public string Required(string option) => Of(option) ?? throw new FormatException($"{option} is missing.");

    /// <summary>Refuses what means nothing to the verb.</summary>
    /// <exception cref="FormatException">Something does.</exception>
    public void Only(params string[] known)
    {
        if (_values.Keys.Except(known).FirstOrDefault() is { } other)
            throw new FormatException($"{other} means nothing here.");
    }
}

namespace Demo;

/// <summary>What the command line says. Unknown options are refused.</summary>
internal sealed record DemoOptions
{
    public const string Usage =
        """
        Usage: dotnet run --project src/Demo [-- [--once] [--keep] [--directory DIR]]
          --once           one pass; exit code 0 only if every verdict is the expected one and the audit server receipted the heartbeat
          --keep           leave the made-up site on the disk
          --directory DIR  make the site here instead of in the temporary folder; DIR must be empty or missing
        """;

    public bool Once { get; init; }

    public bool Keep { get; init; }

    /// <summary>Null: a new folder below the system's temporary one.</summary>
    public string? Directory { get; init; }

    /// <exception cref="FormatException">An option is unknown or lacks its value.</exception>
    public static DemoOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new DemoOptions();
        for (var i = 0; i < arguments.Count; i++)
            options = arguments[i] switch
            {
                "--once" => options with { Once = true },
                "--keep" => options with { Keep = true },
                "--directory" when i + 1 < arguments.Count && arguments[i + 1].Length > 0 => options with { Directory = arguments[++i] },
                "--directory" => throw new FormatException("--directory needs a value."),
                _ => throw new FormatException($"Unknown option {arguments[i]}."),
            };
        return options;
    }
}

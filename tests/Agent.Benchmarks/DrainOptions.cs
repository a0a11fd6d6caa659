using System.Globalization;

namespace Agent.Benchmarks;

/// <summary>What waits, and beside what it is sent.</summary>
internal sealed record DrainOptions
{
    /// <summary>Statements that wait: a heartbeat after every twelve ticks, five minutes apart.</summary>
    public int Statements { get; init; } = 10_000;

    /// <summary>Cameras that are measured meanwhile.</summary>
    public int Cameras { get; init; } = 4;

    /// <summary>Days of footage of each, two files an hour.</summary>
    public int Days { get; init; } = 16;

    /// <exception cref="FormatException">An option is unknown or has no such value.</exception>
    public static DrainOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new DrainOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
                throw new FormatException($"{arguments[i]} needs a whole number.");
            options = arguments[i] switch
            {
                "--statements" => options with { Statements = number },
                "--cameras" => options with { Cameras = number },
                "--days" => options with { Days = number },
                _ => throw new FormatException($"Unknown option {arguments[i]}."),
            };
        }

        return options;
    }
}

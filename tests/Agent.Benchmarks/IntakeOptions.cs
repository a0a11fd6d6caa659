using System.Globalization;

namespace Agent.Benchmarks;

/// <summary>What to measure.</summary>
internal sealed record IntakeOptions
{
    public bool Postgres { get; init; }

    /// <summary>"tick", "heartbeat", or "mix": one heartbeat for eleven ticks, as an hour of an agent is.</summary>
    public string Kind { get; init; } = "heartbeat";

    public int Statements { get; init; } = 20_000;

    public int Agents { get; init; } = 64;

    public int Cameras { get; init; } = 1;

    /// <exception cref="FormatException">An option is unknown or has no such value.</exception>
    public static IntakeOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new IntakeOptions();
        int i;
        for (i = 0; i < arguments.Count; i++)
            options = arguments[i] switch
            {
                "--postgres" => options with { Postgres = true },
                "--kind" => options with { Kind = Next() is "tick" or "heartbeat" or "mix" ? arguments[i] : throw new FormatException($"--kind {arguments[i]} is not known.") },
                "--statements" => options with { Statements = Number() },
                "--agents" => options with { Agents = Number() },
                "--cameras" => options with { Cameras = Number() },
                _ => throw new FormatException($"Unknown option {arguments[i]}."),
            };
        return options;

        string Next() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{arguments[i - 1]} needs a value.");

        int Number() => int.TryParse(Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{arguments[i - 1]} needs a whole number.");
    }
}

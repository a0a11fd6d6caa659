using System.Globalization;

namespace Agent.Benchmarks;

/// <summary>How many segments to look at, how often, and where the tree is built.</summary>
internal sealed record FilesOptions(int Files, int Times, string Folder)
{
    public static FilesOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new FilesOptions(200_000, 5, Path.GetTempPath());
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--files" => options with { Files = int.Parse(value, CultureInfo.InvariantCulture) },
                "--times" => options with { Times = int.Parse(value, CultureInfo.InvariantCulture) },
                "--folder" => options with { Folder = value },
                var other => throw new FormatException($"{other} is not known."),
            };
        }

        return options;
    }
}

using System.Text;

namespace Agent.Evidence.Statements;

/// <summary>How the values of an enumeration stand in statements. Worked out once: a heartbeat has dozens of such words.</summary>
static class EnumWords<T>
    where T : struct, Enum
{
    static readonly Dictionary<T, string> Words = Enum.GetValues<T>().ToDictionary(value => value, Make);
    static readonly Dictionary<string, T> Values = Words.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    static readonly Dictionary<string, T> Names = Enum.GetValues<T>().ToDictionary(value => value.ToString(), StringComparer.Ordinal);

    /// <summary>"FirstSeen" is written "first-seen".</summary>
    public static string Word(T value) => Words.TryGetValue(value, out var word) ? word : Make(value);

    /// <summary>The value that is written so; null when there is none.</summary>
    public static T? FromWord(string text) => Values.TryGetValue(text, out var value) ? value : null;

    /// <summary>The value of that name, to the letter; null when there is none.</summary>
    public static T? FromName(string? text) => text is not null && Names.TryGetValue(text, out var value) ? value : null;

    static string Make(T value)
    {
        var word = new StringBuilder();
        foreach (var letter in value.ToString())
            (char.IsAsciiLetterUpper(letter) && word.Length > 0 ? word.Append('-') : word).Append(char.ToLowerInvariant(letter));
        return word.ToString();
    }
}

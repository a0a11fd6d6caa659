using System.Globalization;
using System.Text;

namespace Agent.Probing.Files;

/// <summary>File names are hostile: what is printed or logged of them holds no control characters.</summary>
internal static class Printable
{
    /// <summary>The text with control, format and unpaired surrogate characters written as <c>\u000a</c>.</summary>
    public static string Text(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        var safe = new StringBuilder(text.Length + 8);
        foreach (var c in text)
            _ = IsUnsafe(c) ? safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : safe.Append(c);
        return safe.ToString();
    }

    static bool IsUnsafe(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || c == '\uFFFD';
}

using Agent.Probing.Files;

namespace Agent.Probing.Onvif.Discovery;

/// <summary>What a device says it is in its scopes (ONVIF Core, "Scopes"): <c>onvif://www.onvif.org/CATEGORY/VALUE</c>.</summary>
internal static class DiscoveryScopes
{
    const string Prefix = "onvif://www.onvif.org/";
    const int Longest = 64;

    /// <summary>The first value of a category, printable; null when there is none.</summary>
    public static string? First(IEnumerable<string> scopes, string category) => All(scopes, category).FirstOrDefault();

    /// <summary>All values of a category, printable.</summary>
    public static IEnumerable<string> All(IEnumerable<string> scopes, string category)
    {
        foreach (var scope in scopes.Where(s => s.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)))
            if (scope[Prefix.Length..].Split('/', 2) is [var name, { Length: > 0 } value] && name.Equals(category, StringComparison.OrdinalIgnoreCase))
                yield return Shown(Uri.UnescapeDataString(value));
    }

    /// <summary>The letters of the profiles it says it conforms to: "S" is written Streaming.</summary>
    public static IReadOnlyList<string> Profiles(IEnumerable<string> scopes) =>
        [.. All(scopes, "Profile").Select(p => p.Equals("Streaming", StringComparison.OrdinalIgnoreCase) ? "S" : p).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];

    /// <summary>A device's own words, cut short and printable.</summary>
    public static string Shown(string text) => Printable.Text(text.Length > Longest ? text[..Longest] : text);
}

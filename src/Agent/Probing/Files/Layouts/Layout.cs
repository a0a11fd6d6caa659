namespace Agent.Probing.Files.Layouts;

/// <summary>Turns a path into a camera and a start.</summary>
/// <param name="Name">How it is named in output.</param>
/// <param name="Template">The pattern of its paths.</param>
/// <param name="Utc">Times in its paths are UTC, whatever the zone of the recorder.</param>
/// <param name="Proven">It was held against what real recorders write.</param>
internal sealed record Layout(string Name, PathTemplate Template, bool Utc, bool Proven)
{
    /// <summary>The camera of a path without <c>{camera}</c> that lies in the recorder's folder itself is named like that folder.</summary>
    public bool TryPlace(ReadOnlySpan<char> pathWithoutExtension, string rootName, TimeZoneInfo zone, out string camera, out StartTime start)
    {
        if (!Template.Matches(pathWithoutExtension, out var fields, out var prefix))
        {
            (camera, start) = ("", default);
            return false;
        }
        camera = fields.Camera ?? (prefix.IsEmpty ? rootName : prefix.ToString());
        start = StartTime.Of(fields, Utc ? TimeZoneInfo.Utc : zone);
        return true;
    }

    /// <summary>The configured layout: a known one by name, or a template.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static Layout Named(string name) =>
        KnownLayouts.All.FirstOrDefault(l => string.Equals(l.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? (name.Contains('%', StringComparison.Ordinal)
            ? new Layout(name, PathTemplate.Parse(name), Utc: false, Proven: true)
            : throw new FormatException($"There is no layout '{name}'. Known are auto, {string.Join(", ", KnownLayouts.All.Select(l => l.Name))}, and templates such as {{camera}}/%Y-%m-%d_%H-%M-%S."));
}

using Agent.Evidence.Timelines;
using Agent.Probing.Files.Layouts;

namespace Agent.Probing.Files;

/// <summary>
/// What an unreadable folder hides. Its path may tell the camera and the hour it stands for; what it does not tell stays open,
/// and the whole window is unknown for every camera it may concern.
/// </summary>
internal sealed class UnreadableFolders(Layout layout, TimeZoneInfo zone, int prefixParts)
{
    /// <summary>The camera a folder belongs to (null: any) and the time it may hold.</summary>
    public (string? Camera, TimeRange Range) Hides(string folder, TimeRange window)
    {
        if (layout.Index is not null)
            return (null, window); // its index may lie there, and speak of any camera
        var parts = folder.Length == 0 ? [] : folder.Split('/');
        if (parts.Length <= prefixParts && !layout.Template.HasCamera && parts.Length > 0)
            return (folder, window);
        if (parts.Length <= prefixParts)
            return (null, window);
        if (!layout.Template.MatchesFolder(parts.AsSpan(prefixParts), out var fields))
            return layout.Template.HasCamera ? (null, window) : (folder, window);
        var prefix = string.Join('/', parts[..prefixParts]);
        var camera = layout.Template.HasCamera || prefixParts > 0 ? fields.Camera is null && layout.Template.HasCamera ? null : layout.NameOf(fields.Camera, prefix, "") : null;
        if (fields.Unit > TimeSpan.FromDays(1) || fields.ClockTime is null)
            return (camera, window);
        var start = StartTime.Of(fields, layout.Utc ? TimeZoneInfo.Utc : zone);
        // Beyond the window there is nothing to hide, and at the end of the calendar no time to add to.
        if (start.Earliest >= window.To)
            return (camera, new TimeRange(window.To, window.To));
        // A segment that begins in the folder's hour may run on into the next one.
        return (camera, new TimeRange(start.Earliest, start.Latest + fields.Unit + fields.Unit).Intersect(window));
    }
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Probing.Files.Layouts;

namespace Agent.Cli;

/// <summary>What <c>discover</c> tells a person, and the configuration at its end.</summary>
internal sealed partial class DiscoverText(TextWriter output, TextWriter errors)
{
    const int CamerasShown = 20;

    // Letters of every script are left as they are; what could hide or turn text is escaped.
    static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Tells it; false when there is nothing to configure.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="believed">The zone a person named; null for none.</param>
    public bool Write(DiscoveredTree found, TimeZoneInfo? believed)
    {
        if (found.Unreadable > 0)
            errors.WriteLine($"{found.Unreadable} folders could not be listed; what they hold is not told here.");
        if (found.Layout is not { } layout)
        {
            errors.WriteLine($"{ProblemCode.UnrecognisedLayout}: {found.Unrecognised}");
            return false;
        }

        output.WriteLine($"layout     {layout.Name}: {layout.Template.Text}, {(layout.Proven ? "proven" : "unproven: it cannot by itself make a camera met")}");
        output.WriteLine($"           explains {found.Recognised.Explained} of {found.Recognised.Of} files asked");
        WriteCameras(found);
        var zone = WriteZone(found, layout, believed);
        output.WriteLine();
        output.WriteLine(Configuration(found, layout, zone));
        return true;
    }

    void WriteCameras(DiscoveredTree found)
    {
        if (found.Layout!.Index is not null)
            output.WriteLine("cameras    told by the recorder's own index when it is measured");
        foreach (var (camera, files) in found.Cameras.Take(CamerasShown))
            output.WriteLine($"camera     {Printable.Text(camera)}: {files.ToString(CultureInfo.InvariantCulture)} files");
        if (found.Cameras.Count > CamerasShown)
            output.WriteLine($"           and {found.Cameras.Count - CamerasShown} more");
    }

    /// <summary>The zone to configure: what the files say, else what a person said, else this machine's.</summary>
    TimeZoneInfo WriteZone(DiscoveredTree found, Layout layout, TimeZoneInfo? believed)
    {
        var here = believed ?? (TimeZoneInfo.TryFindSystemTimeZoneById(TimeZoneInfo.Local.Id, out var local) ? local : TimeZoneInfo.Utc);
        if (found.Zone is { } names && layout.Utc && names.Contradicts(TimeZoneInfo.Utc))
            output.WriteLine($"{FindingCode.ZoneContradicted}: names of {layout.Name} are UTC, and {names.Words()}");
        if (layout.Utc || found.Zone is not { } evidence)
        {
            output.WriteLine($"time zone  {(layout.Utc || layout.Template.TellsTime ? "names need none" : "names tell no time of day")}; {here.Id} for the site's days");
            return here;
        }
        if (believed is not null && evidence.Contradicts(believed))
            output.WriteLine($"{FindingCode.ZoneContradicted}: the files do not fit {believed.Id}");
        if (evidence.Infer([here, TimeZoneInfo.Utc]) is { } told)
        {
            output.WriteLine($"time zone  {told.Id}: {evidence.Words()}");
            return told;
        }
        output.WriteLine($"time zone  {here.Id}, {(believed is null ? "this machine's" : "as stated")}, and not confirmed: {evidence.Words()}");
        return here;
    }

    static string Configuration(DiscoveredTree found, Layout layout, TimeZoneInfo zone)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            json.WriteStartObject();
            json.WriteStartObject("site");
            json.WriteString("id", "SITE-ID");
            json.WriteString("timeZone", zone.Id);
            json.WriteEndObject();
            json.WriteString("dataDirectory", OperatingSystem.IsWindows() ? @"C:\ProgramData\RetentionAgent" : "/var/lib/retention-agent");
            json.WriteStartArray("recorders");
            json.WriteStartObject();
            json.WriteString("id", IdOf(found.Path));
            json.WriteString("path", found.Path);
            json.WriteString("layout", layout.Name);
            json.WriteString("timeZone", zone.Id);
            json.WriteStartArray("cameras");
            foreach (var camera in found.Cameras.Keys.Where(c => c.Length > 0))
            {
                json.WriteStartObject();
                json.WriteString("camera", camera);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    static string IdOf(string path)
    {
        var id = Unfit().Replace(Path.GetFileName(path), "-").Trim('-', '.', '_');
        return id.Length == 0 ? "recorder" : id[..Math.Min(id.Length, 64)];
    }

    [GeneratedRegex("[^A-Za-z0-9._-]+")]
    private static partial Regex Unfit();
}

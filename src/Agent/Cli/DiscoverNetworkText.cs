using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Agent.Probing.Onvif.Discovery;
using Agent.Rounds;

namespace Agent.Cli;

/// <summary>What <c>discover</c> tells a person of the network, and the configuration at its end.</summary>
internal sealed partial class DiscoverNetworkText(TextWriter output, TextWriter errors)
{
    // Letters of every script are left as they are; what could hide or turn text is escaped.
    static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Tells it; false when nobody answered.</summary>
    /// <param name="found">Who answered.</param>
    /// <param name="asked">How many networks and hosts were asked.</param>
    public bool Write(IReadOnlyList<FoundRecorder> found, int asked)
    {
        if (found.Count == 0)
        {
            errors.WriteLine($"No recorder answered in {asked} {(asked == 1 ? "network" : "networks")}. Many have ONVIF switched off from the factory; one in another network is asked with --ask IP.");
            return false;
        }

        foreach (var recorder in found)
            output.WriteLine($"{recorder.Address.Host,-15} {Name(recorder)}; {Profiles(recorder)}; {Clock(recorder)}");
        output.WriteLine();
        output.WriteLine("A recorder that wants a login gets \"username\" and \"password\": \"secret:NAME\" beside its address, and the password with: retention-agent secret set NAME --config FILE");
        output.WriteLine();
        output.WriteLine(Configuration(found));
        return true;
    }

    static string Name(FoundRecorder recorder) => $"{recorder.Vendor} {recorder.Model}".Trim() is { Length: > 0 } name ? name : "did not say what it is";

    static string Profiles(FoundRecorder recorder) =>
        $"{(recorder.Profiles.Count == 0 ? "no profile stated" : $"profiles {string.Join(", ", recorder.Profiles)}")}{recorder.SearchesRecordings switch { true => ", can be asked what it has recorded", false => ", cannot be asked what it has recorded", null => "" }}";

    static string Clock(FoundRecorder recorder) => recorder.ClockOffset switch
    {
        null => "did not tell its time",
        { } offset when offset.Duration() < TimeSpan.FromSeconds(2) => "its clock is right",
        { } offset => $"its clock is {PlainWords.Span(offset.Duration())} {(offset > TimeSpan.Zero ? "ahead" : "behind")}",
    };

    static string Configuration(IReadOnlyList<FoundRecorder> found)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            json.WriteStartObject();
            json.WriteStartObject("site");
            json.WriteString("id", "SITE-ID");
            json.WriteEndObject();
            json.WriteString("dataDirectory", OperatingSystem.IsWindows() ? @"C:\ProgramData\RetentionAgent" : "/var/lib/retention-agent");
            json.WriteStartArray("recorders");
            foreach (var (recorder, i) in found.Select((r, i) => (r, i)))
            {
                json.WriteStartObject();
                json.WriteString("id", IdOf(recorder, found, i));
                json.WriteString("address", recorder.Address.AbsoluteUri);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    static string IdOf(FoundRecorder recorder, IReadOnlyList<FoundRecorder> found, int index)
    {
        var id = $"nvr-{Unfit().Replace(recorder.Address.Host, "-").Trim('-')}";
        // Two behind one host differ in their ports.
        return found.Take(index).Any(other => other.Address.Host == recorder.Address.Host) ? $"{id}-{recorder.Address.Port.ToString(CultureInfo.InvariantCulture)}" : id;
    }

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex Unfit();
}

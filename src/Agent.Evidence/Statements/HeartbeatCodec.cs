using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// The bytes of a heartbeat's body: a JSON object with exactly the keys <c>after, site, asOf, timeZone, receipt, software, cameras</c>
/// in this order, without white space. A body has one encoding only: what <see cref="Decode"/> accepts, <see cref="Encode"/> gives
/// back byte for byte. Source: FORMAT.md, "Heartbeat body".
/// </summary>
public static class HeartbeatCodec
{
    /// <summary>The largest body, in bytes: with the rest of its ledger entry around it, it stays within <see cref="EntryCodec.MaxBytes"/>.</summary>
    public const int MaxBytes = EntryCodec.MaxBytes - 2048;

    /// <summary>The most cameras in one heartbeat.</summary>
    public const int MostCameras = 2000;

    const string What = "Heartbeat body";

    static readonly SearchValues<char> ZoneCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

    /// <summary>Writes the body of a heartbeat's ledger entry.</summary>
    /// <param name="heartbeat">The heartbeat.</param>
    /// <returns>UTF-8 JSON of at most <see cref="MaxBytes"/> bytes.</returns>
    /// <exception cref="FormatException">A reader would refuse it: a field is outside its range, or all of it is too large.</exception>
    public static byte[] Encode(Heartbeat heartbeat) => Checked(Write(heartbeat));

    /// <summary>Writes the most detailed body that fits.</summary>
    /// <param name="withMostGaps">Makes the heartbeat, telling so many gaps of each camera one by one (<see cref="CameraStatement.From"/>).</param>
    /// <returns>UTF-8 JSON of at most <see cref="MaxBytes"/> bytes.</returns>
    /// <exception cref="FormatException">Not even with every gap folded that may be: there are too many cameras for one heartbeat.</exception>
    public static byte[] EncodeToFit(Func<int, Heartbeat> withMostGaps)
    {
        for (var mostGaps = CameraStatement.UsualMostGaps; mostGaps > 0; mostGaps /= 3)
            if (Write(withMostGaps(mostGaps)) is { Length: <= MaxBytes } bytes)
                return Checked(bytes);
        return Encode(withMostGaps(0));
    }

    /// <summary>Reads the body of a heartbeat and refuses anything but its one encoding.</summary>
    /// <param name="utf8">The exact bytes.</param>
    /// <returns>The heartbeat. Whether its verdicts follow from its evidence is for <see cref="HeartbeatAuditor"/> to say.</returns>
    /// <exception cref="FormatException">The bytes are not such a body. The message names the first fault.</exception>
    public static Heartbeat Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        var after = fields.NextWhole("after", least: 0);
        var site = fields.NextToken("site");
        var asOf = fields.NextInstant("asOf");
        var heartbeat = new Heartbeat
        {
            After = after,
            Site = site,
            AsOf = asOf,
            TimeZone = fields.NextToken("timeZone", ZoneCharacters),
            Receipt = fields.NextHashOrNull("receipt"),
            SoftwareVersion = VersionOf(fields.Next("software")),
            Cameras = CamerasOf(fields, asOf),
        };
        fields.End();

        // Whatever is left that could be written in two ways (white space, escapes, 1.0 or 1e0) ends here.
        if (!Write(heartbeat).AsSpan().SequenceEqual(utf8.Span))
            throw new FormatException($"{What} is not in its one encoding: white space, escapes or digits differ.");

        return heartbeat;
    }

    // Reading it back is the one place where the rules live, and nothing leaves here that a verifier would refuse.
    static byte[] Checked(byte[] bytes)
    {
        Decode(bytes);
        return bytes;
    }

    static string VersionOf(JsonElement element)
    {
        var fields = new OrderedFields(element, $"{What} software");
        var version = fields.NextToken("version");
        fields.End();
        return version;
    }

    static ImmutableArray<CameraStatement> CamerasOf(OrderedFields fields, DateTimeOffset asOf)
    {
        var cameras = fields.NextArray("cameras", MostCameras, "cameras").Select(e => CameraStatementCodec.Read(e, asOf)).ToImmutableArray();
        return cameras.GroupBy(c => (c.Label.Camera, c.Label.Kind)).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new FormatException($"{What}: camera {twice.Key.Camera} is spoken of twice.")
            : cameras;
    }

    static byte[] Write(Heartbeat heartbeat)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, StatementFields.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("after", heartbeat.After);
            json.WriteString("site", heartbeat.Site);
            json.WriteInstant("asOf", heartbeat.AsOf);
            json.WriteString("timeZone", heartbeat.TimeZone);
            json.WriteString("receipt", heartbeat.Receipt);
            json.WriteStartObject("software");
            json.WriteString("version", heartbeat.SoftwareVersion);
            json.WriteEndObject();
            json.WriteStartArray("cameras");
            foreach (var camera in heartbeat.Cameras)
                CameraStatementCodec.Write(json, camera);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Demo;

/// <summary>The agent's configuration of the made-up site: an ordinary one, except that it looks more often.</summary>
internal static class SiteConfiguration
{
    public const string SiteId = "HZ-DEMO-0001";

    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Zone of the site's days. Machines without zone data still run the demo.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.TryFindSystemTimeZoneById("Asia/Shanghai", out var shanghai) ? shanghai : TimeZoneInfo.Utc;

    public static void Write(SiteFolder folder, Uri auditServer, DateTimeOffset seededAt) => File.WriteAllText(folder.Configuration, JsonSerializer.Serialize(
        new
        {
            site = new { id = SiteId, timeZone = Zone.Id },
            dataDirectory = folder.AgentData,
            policy = new { requiredDays = 15 },
            rounds = new { every = "00:00:30" },
            recorders = new[]
            {
                new { id = "recordings", path = folder.Recordings, layout = "auto", cameras = MadeUpCamera.All.Select(camera => Declared(camera, seededAt)) },
            },
            upstream = new { url = auditServer.AbsoluteUri, receiptKeys = folder.ReceiptKeys, every = "00:05:00" },
        },
        Readable));

    static Dictionary<string, string> Declared(MadeUpCamera camera, DateTimeOffset seededAt)
    {
        var declared = new Dictionary<string, string> { ["camera"] = camera.Name, ["code"] = camera.Code };
        if (camera.IsNew)
            declared["commissioned"] = TimeZoneInfo.ConvertTime(seededAt - camera.Kept, Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return declared;
    }
}

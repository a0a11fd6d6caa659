using System.Globalization;

namespace AuditServer.Databases;

/// <summary>How times and ids stand in the tables: text that sorts, the same in every database.</summary>
static class StoredText
{
    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static string Of(Guid epoch) => epoch.ToString("D");

    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}

using System.Globalization;

namespace Agent.Probing.Rtsp;

/// <summary>A reply as it was received.</summary>
/// <param name="Status">Such as 200.</param>
/// <param name="Reason">The words after it, as sent.</param>
/// <param name="Fields">Header fields in the order they came, each byte one character.</param>
/// <param name="Body">Empty when there is none.</param>
internal sealed record RtspReply(int Status, string Reason, IReadOnlyList<KeyValuePair<string, string>> Fields, byte[] Body)
{
    /// <summary>Which request it answers; null when it does not say.</summary>
    public long? CSeq => long.TryParse(Field("CSeq"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The first field of this name; null when there is none.</summary>
    public string? Field(string name) => AllFields(name).FirstOrDefault();

    public IEnumerable<string> AllFields(string name) =>
        Fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);
}

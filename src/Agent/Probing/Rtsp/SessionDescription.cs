using System.Globalization;
using System.Text;
using Agent.Evidence.Timelines;

namespace Agent.Probing.Rtsp;

/// <summary>What a recorder says of a presentation (SDP, RFC 8866, and RFC 2326, C), as far as we need it.</summary>
/// <param name="Control">Address of the whole, as written; null when there is none.</param>
/// <param name="Claimed">The times it says it has, from <c>a=range:clock=</c>: a claim, and open-ended ones end where they begin. Null when it says nothing.</param>
/// <param name="Media">In its order.</param>
internal sealed record SessionDescription(string? Control, TimeRange? Claimed, IReadOnlyList<MediaDescription> Media)
{
    const int MostLines = 2000;
    const int MostMedia = 64;
    const int UsualVideoClock = 90_000;

    // The static payload types of RFC 3551 that are video and that recorders use.
    static readonly Dictionary<int, string> StaticEncodings = new() { [26] = "JPEG", [31] = "H261", [32] = "MPV", [33] = "MP2T", [34] = "H263" };

    /// <summary>Reads one; what makes no sense is passed over, since most of it is of no use to us anyway.</summary>
    public static SessionDescription Read(ReadOnlySpan<byte> text)
    {
        string? control = null;
        TimeRange? claimed = null;
        var media = new List<MediaDescription>();
        var isWhole = true;
        foreach (var line in Encoding.Latin1.GetString(text).Split('\n').Take(MostLines).Select(line => line.TrimEnd('\r', ' ')))
        {
            if (line.StartsWith("m=", StringComparison.Ordinal))
            {
                isWhole = false;
                if (media.Count < MostMedia)
                    media.Add(Medium(line[2..]));
                continue;
            }
            var (name, value) = Attribute(line);
            if (name == "control" && isWhole)
                control ??= value;
            else if (name == "range")
                claimed ??= ClockRange.Read(value);
            else if (!isWhole)
                media[^1] = With(media[^1], name, value);
        }
        return new SessionDescription(control, claimed, media);
    }

    static MediaDescription Medium(string value)
    {
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int? type = words.Length > 3 && int.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 128 ? number : null;
        return new MediaDescription(words.FirstOrDefault() ?? "", type, null, type is { } known ? StaticEncodings.GetValueOrDefault(known) : null, UsualVideoClock, "");
    }

    static (string? Name, string Value) Attribute(string line)
    {
        if (!line.StartsWith("a=", StringComparison.Ordinal))
            return (null, "");
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (null, "") : (line[2..colon].Trim().ToLowerInvariant(), line[(colon + 1)..].Trim());
    }

    static MediaDescription With(MediaDescription medium, string? name, string value)
    {
        if (name == "control")
            return medium.Control is null ? medium with { Control = value } : medium;
        if (name is not ("rtpmap" or "fmtp") || value.Split(' ', 2) is not [var type, var rest] || type != medium.PayloadType?.ToString(CultureInfo.InvariantCulture))
            return medium;
        if (name == "fmtp")
            return medium with { Parameters = rest };
        var parts = rest.Trim().Split('/');
        return medium with
        {
            Encoding = parts[0].ToUpperInvariant(),
            ClockRate = parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var rate) && rate > 0 ? rate : medium.ClockRate,
        };
    }
}

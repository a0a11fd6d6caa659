namespace Agent.Probing.Rtsp;

/// <summary>One medium of a presentation (RFC 8866, 5.14).</summary>
/// <param name="Kind">"video", "audio", "application".</param>
/// <param name="PayloadType">The first it names, 0 to 127; null when it names none.</param>
/// <param name="Control">Its <c>a=control</c>, as written; null when there is none.</param>
/// <param name="Encoding">Upper case, such as H264; null when it says nothing of that payload type.</param>
/// <param name="ClockRate">Ticks of its RTP timestamps a second.</param>
/// <param name="Parameters">What is after the payload type in <c>a=fmtp</c>, as written; empty when there is none.</param>
internal sealed record MediaDescription(string Kind, int? PayloadType, string? Control, string? Encoding, int ClockRate, string Parameters)
{
    public bool IsVideo => Kind.Equals("video", StringComparison.OrdinalIgnoreCase);

    /// <summary>One of the parameters; null when it is not there.</summary>
    public string? Parameter(string name) =>
        Parameters.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part.StartsWith($"{name}=", StringComparison.OrdinalIgnoreCase))
            .Select(part => part[(name.Length + 1)..])
            .FirstOrDefault();
}

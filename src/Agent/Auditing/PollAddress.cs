using System.Net;

namespace Agent.Auditing;

/// <summary>Where to listen, as it is written in the configuration.</summary>
internal static class PollAddress
{
    const string Scheme = "https://";

    /// <summary>Why a text cannot be listened on, one clause; null when it can.</summary>
    public static string? MistakeIn(string text)
    {
        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            return "it must be https: who asks proves it there";
        return IPEndPoint.TryParse(Bare(text), out var address) && address.Port > 0
            ? null
            : "it is not an address of this machine with a port, like 0.0.0.0:8443 or https://[::]:8443";
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static IPEndPoint Parse(string text) => IPEndPoint.Parse(Bare(text));

    static string Bare(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].TrimEnd('/') : text;
}

using Agent.Recorders;

namespace Agent.Probing.Rtsp;

/// <summary>How one recorder may be spoken to.</summary>
internal sealed record RtspAccess
{
    /// <summary>With what to sign in; null where nothing is configured.</summary>
    public RecorderLogin? Login { get; init; }

    /// <summary>The admin allowed telling this recorder the password itself. RTSP is not encrypted, so whoever listens learns it.</summary>
    public bool AllowsBasic { get; init; }

    /// <summary>How long one answer, or one packet, may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one connection may last, whatever it does.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);
}

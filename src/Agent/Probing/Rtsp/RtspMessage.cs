namespace Agent.Probing.Rtsp;

/// <summary>The next thing on a connection: a packet, a reply, or (neither) a request of the peer's own.</summary>
/// <param name="Method">What the peer asks of us; null unless it does.</param>
internal readonly record struct RtspMessage(InterleavedFrame? Frame, RtspReply? Reply, string? Method);

namespace Agent.Probing.Rtsp;

/// <summary>A packet on the RTSP connection itself: RFC 2326, 10.12.</summary>
/// <param name="Channel">Even for RTP, the next for its RTCP, as SETUP agreed.</param>
/// <param name="Content">At most 65,535 bytes, because its length has two.</param>
internal sealed record InterleavedFrame(byte Channel, ReadOnlyMemory<byte> Content);

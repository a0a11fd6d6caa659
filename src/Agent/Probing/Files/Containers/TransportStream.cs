namespace Agent.Probing.Files.Containers;

/// <summary>MPEG transport stream, by the times of one PID.</summary>
sealed class TransportStream(TransportPacking packing) : MediaStream
{
    (int Pid, bool IsClock) chosen;

    internal override ContainerFormat Format => ContainerFormat.MpegTs;

    internal override ulong UnitsPerSecond => PesHeader.UnitsPerSecond;

    internal override long Wrap => PesHeader.Wrap;

    internal override bool MayTearPictures => true;

    /// <summary>Video, else anything with presentation times, else whatever carries the clock.</summary>
    internal override bool TryChoose(ReadOnlySpan<byte> head, bool isLast)
    {
        int? other = null, clock = null;
        var at = packing.FirstSync;
        while (TryNext(head, ref at, out var packet, out _))
        {
            if (packet.TryReadTimes(out var streamId, out _, out _))
            {
                if (streamId is >= 0xE0 and <= 0xEF)
                {
                    chosen = (packet.Pid, false);
                    return true;
                }

                other ??= packet.Pid;
            }
            else if (clock is null && packet.TryReadPcr(out _))
            {
                clock = packet.Pid;
            }
        }

        chosen = other is { } pid ? (pid, false) : (clock ?? -1, true);
        return other is not null || (clock is not null && isLast);
    }

    internal override long Align(long offset) =>
        offset <= packing.FirstSync ? 0 : packing.FirstSync + (offset - packing.FirstSync) / packing.Stride * packing.Stride;

    internal override void Read(ReadOnlySpan<byte> piece, long offset, long length, StreamClock clock)
    {
        var at = offset == 0 ? packing.FirstSync : 0;
        while (TryNext(piece, ref at, out var packet, out var inStep))
        {
            clock.IsInStep &= inStep;
            if (packet.Pid != chosen.Pid)
                continue;
            if (chosen.IsClock && packet.TryReadPcr(out var pcr))
                clock.Add(pcr, 0);
            else if (!chosen.IsClock && packet.TryReadTimes(out _, out var presented, out var decoded))
                clock.Add(presented, decoded);
        }
    }

    internal override bool EndsWhole(long length, StreamClock tail) =>
        (length - packing.FirstSync + packing.Stride - TransportPacking.PacketLength) % packing.Stride == 0 && tail.IsInStep;

    bool TryNext(ReadOnlySpan<byte> piece, ref int at, out TransportPacket packet, out bool inStep)
    {
        var stride = packing.Stride;
        inStep = true;
        for (; at + TransportPacking.PacketLength <= piece.Length; at++)
        {
            if (piece[at] == TransportPacking.Sync && (inStep || at + stride >= piece.Length || piece[at + stride] == TransportPacking.Sync))
            {
                packet = new TransportPacket(piece.Slice(at, TransportPacking.PacketLength));
                at += stride;
                return true;
            }

            inStep = false;
        }

        packet = default;
        return false;
    }
}

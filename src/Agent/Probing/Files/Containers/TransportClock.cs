namespace Agent.Probing.Files.Containers;

/// <summary>The times of one PID in one piece of a transport stream, in the order of the file.</summary>
sealed class TransportClock
{
    internal const long Wrap = 1L << 33;
    internal const ulong UnitsPerSecond = 90_000;

    readonly List<long> times = [];
    readonly List<long> decodingTimes = [];

    internal bool HasTimes => times.Count > 0;

    internal int Count => times.Count;

    internal long First => times[0];

    /// <summary>True when every packet stood where the one before it ended.</summary>
    internal bool IsInStep { get; private set; } = true;

    /// <summary>Which PID to measure: video, else anything with presentation times, else whatever carries the clock.</summary>
    internal static (int Pid, bool IsClock)? Choose(ReadOnlySpan<byte> piece, TransportPacking packing)
    {
        int? other = null, clock = null;
        var at = packing.FirstSync;
        while (TryNext(piece, packing.Stride, ref at, out var packet, out _))
        {
            if (packet.TryReadTimes(out var streamId, out _, out _))
            {
                if (streamId is >= 0xE0 and <= 0xEF)
                    return (packet.Pid, false);
                other ??= packet.Pid;
            }
            else if (clock is null && packet.TryReadPcr(out _))
            {
                clock = packet.Pid;
            }
        }

        return other is { } pid ? (pid, false) : clock is { } pcr ? (pcr, true) : null;
    }

    internal static TransportClock Read(ReadOnlySpan<byte> piece, int firstSync, int stride, (int Pid, bool IsClock) chosen)
    {
        var clock = new TransportClock();
        var at = firstSync;
        while (TryNext(piece, stride, ref at, out var packet, out var inStep))
        {
            clock.IsInStep &= inStep;
            if (packet.Pid != chosen.Pid)
                continue;
            var decoded = 0L;
            if (chosen.IsClock ? packet.TryReadPcr(out var time) : packet.TryReadTimes(out _, out time, out decoded))
            {
                clock.times.Add(time);
                clock.decodingTimes.Add(decoded);
            }
        }

        return clock;
    }

    /// <summary>The latest time of this piece counted from an origin; null when all of it lies before the origin.</summary>
    internal long? LatestSince(long origin)
    {
        long? latest = null;
        foreach (var time in times)
        {
            var since = time - origin & Wrap - 1;
            if (since < Wrap / 2 && (latest is not { } known || since > known))
                latest = since;
        }

        return latest;
    }

    /// <summary>
    /// How long one frame is shown: the smallest step between decoding times, which reordering does not tear apart as
    /// it does presentation times; zero when there is no step.
    /// </summary>
    internal long FrameDuration()
    {
        var smallest = Wrap;
        for (var i = 1; i < decodingTimes.Count; i++)
        {
            var step = decodingTimes[i] - decodingTimes[i - 1] & Wrap - 1;
            if (step > 0)
                smallest = Math.Min(smallest, step);
        }

        return smallest == Wrap ? 0 : smallest;
    }

    static bool TryNext(ReadOnlySpan<byte> piece, int stride, ref int at, out TransportPacket packet, out bool inStep)
    {
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

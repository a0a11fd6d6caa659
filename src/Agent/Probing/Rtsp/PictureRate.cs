namespace Agent.Probing.Rtsp;

/// <summary>Counts pictures by their RTP timestamps: every packet of one has the same, and no two have.</summary>
/// <param name="clockRate">Ticks a second.</param>
internal sealed class PictureRate(int clockRate)
{
    const int MostPictures = 100_000;

    readonly SortedSet<int> _ticks = [];

    uint? _first;

    public int Pictures => _ticks.Count;

    public void Add(RtpPacket packet)
    {
        _first ??= packet.Timestamp;
        // The difference is right across the wrap of the counter too, and pictures need not come in order.
        if (_ticks.Count < MostPictures)
            _ticks.Add(unchecked((int)(packet.Timestamp - _first.Value)));
    }

    /// <summary>Pictures a second; null as long as there are no two.</summary>
    public double? PerSecond => _ticks.Count < 2 ? null : (_ticks.Count - 1) * (double)clockRate / ((long)_ticks.Max - _ticks.Min);
}

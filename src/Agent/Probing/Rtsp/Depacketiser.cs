using System.Buffers.Binary;

namespace Agent.Probing.Rtsp;

/// <summary>Makes the stream a decoder reads of the packets it was sent in: RFC 6184 for H.264, RFC 7798 for H.265, without interleaving of units.</summary>
internal sealed class Depacketiser
{
    readonly bool _isH265;
    readonly AnnexB _units;

    ushort? _previous;

    /// <param name="medium">H264 or H265; the parameter sets in its description come first.</param>
    /// <param name="most">Bytes to hold.</param>
    public Depacketiser(MediaDescription medium, int most)
    {
        _isH265 = medium.Encoding == "H265";
        _units = new AnnexB(most);
        foreach (var name in _isH265 ? (string[])["sprop-vps", "sprop-sps", "sprop-pps"] : ["sprop-parameter-sets"])
            foreach (var set in (medium.Parameter(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var unit = new byte[set.Length];
                if (Convert.TryFromBase64String(set, unit, out var length) && length > 0)
                    _units.Add(unit.AsSpan(0, length));
            }
    }

    public ReadOnlyMemory<byte> Content => _units.Content;

    public bool IsFull => _units.IsFull;

    /// <summary>The name ffmpeg has for what this can make a stream of; null when there is none.</summary>
    public static string? FormatOf(string? encoding) => encoding switch { "H264" => "h264", "H265" => "hevc", _ => null };

    /// <summary>Takes the packets in the order of their numbers; a unit of which one is missing is left out.</summary>
    public void Add(RtpPacket packet)
    {
        if (_previous is { } previous && packet.Sequence != (ushort)(previous + 1))
            _units.Drop();
        _previous = packet.Sequence;
        if (_isH265)
            AddH265(packet.Payload.Span);
        else
            AddH264(packet.Payload.Span);
    }

    void AddH264(ReadOnlySpan<byte> payload)
    {
        const int Single = 24, Aggregated = 24, Fragment = 28;
        if (payload.Length < 2)
            return;
        var type = payload[0] & 0x1F;
        if (type is > 0 and < Single)
            _units.Add(payload);
        else if (type == Aggregated)
            AddAll(payload[1..]);
        else if (type == Fragment)
            AddFragment([(byte)(payload[0] & 0xE0 | payload[1] & 0x1F)], payload[1], payload[2..]);
    }

    void AddH265(ReadOnlySpan<byte> payload)
    {
        const int Single = 48, Aggregated = 48, Fragment = 49;
        if (payload.Length < 3)
            return;
        var type = payload[0] >> 1 & 0x3F;
        if (type < Single)
            _units.Add(payload);
        else if (type == Aggregated)
            AddAll(payload[2..]);
        else if (type == Fragment)
            AddFragment([(byte)(payload[0] & 0x81 | (payload[2] & 0x3F) << 1), payload[1]], payload[2], payload[3..]);
    }

    /// <summary>Units one after the other, each with its length before it.</summary>
    void AddAll(ReadOnlySpan<byte> units)
    {
        while (units.Length > 2)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(units);
            if (length == 0 || length > units.Length - 2)
                return;
            _units.Add(units.Slice(2, length));
            units = units[(2 + length)..];
        }
    }

    /// <param name="header">Of the whole unit; its first piece does not carry it.</param>
    /// <param name="place">Highest bit: first piece; next: last.</param>
    /// <param name="piece">What follows.</param>
    void AddFragment(ReadOnlySpan<byte> header, byte place, ReadOnlySpan<byte> piece)
    {
        if ((place & 0x80) != 0)
        {
            _units.Begin(header);
            _units.Continue(piece);
        }
        else
            _units.Continue(piece);
        if ((place & 0x40) != 0)
            _units.End();
    }
}

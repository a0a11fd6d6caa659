using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>
/// MPEG program stream, also with the 40 bytes Hikvision puts before it. Its start codes do not occur in the media they
/// wrap, so a piece of it can be read from anywhere.
/// </summary>
sealed class ProgramStream : MediaStream
{
    const byte EndCode = 0xB9, Pack = 0xBA, StreamMap = 0xBC, PrivateStream = 0xBD;
    const int HikvisionHeadLength = 40;
    const int LongestHeader = 64;

    readonly bool isMpeg1;
    byte chosen;
    DateTime? clock;

    ProgramStream(bool isMpeg1) => this.isMpeg1 = isMpeg1;

    internal override ContainerFormat Format => ContainerFormat.MpegPs;

    internal override ulong UnitsPerSecond => PesHeader.UnitsPerSecond;

    internal override long Wrap => PesHeader.Wrap;

    internal override bool MayTearPictures => true;

    internal override DateTime? StatedClock => clock;

    internal static ProgramStream? TryRecognize(ReadOnlySpan<byte> head)
    {
        var at = head.StartsWith("IMKH"u8) ? HikvisionHeadLength : 0;
        if (head.Length < at + 12 || !head[at..].StartsWith((ReadOnlySpan<byte>)[0, 0, 1, Pack]))
            return null;

        return (head[at + 4] & 0xC0) == 0x40 ? new ProgramStream(isMpeg1: false)
            : (head[at + 4] & 0xF0) == 0x20 ? new ProgramStream(isMpeg1: true)
            : null;
    }

    /// <summary>Video, else sound, else the clock of the packs.</summary>
    internal override bool TryChoose(ReadOnlySpan<byte> head, bool isLast)
    {
        byte other = 0;
        for (var at = 0; TryFind(head, ref at, out var code); at += 4)
        {
            if (code == StreamMap && clock is null)
                clock = HikvisionClock.TryRead(head[at..]);
            if (code is < PrivateStream or StreamMap || !TryReadTimes(head[at..], out _, out _))
                continue;
            if (code is >= 0xE0 and <= 0xEF)
            {
                chosen = code;
                return true;
            }

            if (other == 0 && code is PrivateStream or (>= 0xC0 and <= 0xDF))
                other = code;
        }

        chosen = other == 0 ? Pack : other;
        return isLast;
    }

    internal override void Read(ReadOnlySpan<byte> piece, long offset, long length, StreamClock clock)
    {
        for (var at = 0; TryFind(piece, ref at, out var code);)
        {
            var packet = piece[at..];
            if (code == chosen && (code == Pack ? TryReadScr(packet, out var presented, out var decoded) : TryReadTimes(packet, out presented, out decoded)))
                clock.Add(presented, decoded);

            var next = at + LengthOf(packet, code);
            clock.End = Math.Min(length, offset + next);
            clock.IsInStep = offset + next <= length;
            // A length that leads beyond the piece, or to no start code, is not to be trusted with more than this packet.
            at = next + 4 <= piece.Length && piece[next] == 0 && piece[next + 1] == 0 && piece[next + 2] == 1 ? next : at + 4;
        }
    }

    bool TryReadTimes(ReadOnlySpan<byte> packet, out long presented, out long decoded)
    {
        // Media behind the header is asked for within a few bytes, so that a torn packet counts once something of it is there.
        var header = packet[..Math.Min(packet.Length, LongestHeader + byte.MaxValue)];
        return isMpeg1
            ? PesHeader.TryReadTimesOfMpeg1(header, out _, out presented, out decoded)
            : PesHeader.TryReadTimes(header, out _, out presented, out decoded);
    }

    bool TryReadScr(ReadOnlySpan<byte> pack, out long presented, out long decoded)
    {
        presented = decoded = 0;
        if (pack.Length < 12)
            return false;

        var f = pack[4..];
        presented = isMpeg1
            ? (long)(f[0] & 0x0E) << 29 | (long)f[1] << 22 | (long)(f[2] & 0xFE) << 14 | (long)f[3] << 7 | (long)f[4] >> 1
            : (long)(f[0] & 0x38) << 27 | (long)(f[0] & 3) << 28 | (long)f[1] << 20 | (long)(f[2] & 0xF8) << 12
                | (long)(f[2] & 3) << 13 | (long)f[3] << 5 | (long)f[4] >> 3;
        decoded = presented;
        return true;
    }

    int LengthOf(ReadOnlySpan<byte> packet, byte code)
    {
        if (code == EndCode)
            return 4;
        if (code == Pack)
            return isMpeg1 ? 12 : packet.Length < 14 ? 14 : 14 + (packet[13] & 7);
        return packet.Length < PesHeader.FixedLength
            ? PesHeader.FixedLength
            : PesHeader.FixedLength + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
    }

    /// <summary>The next start code of the system layer; those below it belong to the media.</summary>
    static bool TryFind(ReadOnlySpan<byte> piece, ref int at, out byte code)
    {
        while (at + 4 <= piece.Length)
        {
            var found = piece[at..].IndexOf((ReadOnlySpan<byte>)[0, 0, 1]);
            if (found < 0 || at + found + 4 > piece.Length)
                break;
            at += found;
            code = piece[at + 3];
            if (code >= EndCode)
                return true;
            at += 3;
        }

        code = 0;
        return false;
    }
}

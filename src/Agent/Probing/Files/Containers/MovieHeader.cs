using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>The moov of an MP4: the one track that is measured, and what fragments add to it.</summary>
/// <param name="Track">The first video track, else the longest; null when there is none.</param>
/// <param name="Duration">Of the whole presentation by mvhd, the fallback for a track that does not know its own.</param>
/// <param name="PromisedDuration">By mehd: what the writer of fragments meant to write; zero when it did not say.</param>
readonly record struct MovieHeader(
    Mp4Track? Track, TimeSpan Duration, bool HasFragments, TimeSpan PromisedDuration, uint DefaultSampleDuration, uint DefaultSampleSize)
{
    const int MtxiLength = 44;
    const int MtxiInstant = 36;

    /// <summary>By MediaMTX's own box (mtxi): the instant of the first sample.</summary>
    internal DateTimeOffset? StatedStart { get; init; }

    /// <param name="throughout">
    /// False stops at the first video track that knows its duration, which spares the ordinary file the reads that
    /// hopping over the other tracks' tables would take.
    /// </param>
    internal static MovieHeader Read(BoundedReader reader, Box moov, bool throughout)
    {
        Mp4Track? chosen = null;
        (uint TimeScale, ulong Duration) movie = (0, 0);
        Box? mvex = null;
        DateTimeOffset? stated = null;
        for (var at = moov.Body; moov.TryReadChild(reader, at, out var child); at = child.End)
        {
            switch (child.Type)
            {
                case BoxTypes.Mvhd:
                    movie = Mp4Track.ReadTimes(reader, child);
                    break;
                case BoxTypes.Trak:
                    chosen = Better(chosen, Mp4Track.Read(reader, child));
                    break;
                case BoxTypes.Mvex:
                    mvex = child;
                    break;
                case BoxTypes.Udta:
                    stated = ReadInstant(reader, child);
                    break;
                default:
                    break;
            }

            if (!throughout && chosen is { IsVideo: true, Duration: > 0 })
                break;
        }

        var header = new MovieHeader(chosen, Span(movie.Duration, movie.TimeScale), mvex is not null, default, 0, 0) { StatedStart = stated };
        return mvex is { } extends && chosen is { } track ? header.WithDefaults(reader, extends, track.Id, movie.TimeScale) : header;
    }

    MovieHeader WithDefaults(BoundedReader reader, Box mvex, uint trackId, uint movieTimeScale)
    {
        var header = this;
        for (var at = mvex.Body; mvex.TryReadChild(reader, at, out var child); at = child.End)
        {
            var body = reader.Peek(child.Body, (int)Math.Min(24, child.BodyLength));
            if (child.Type == BoxTypes.Mehd && body.Length >= 8)
            {
                var promised = body[0] == 1 && body.Length >= 12
                    ? BinaryPrimitives.ReadUInt64BigEndian(body[4..])
                    : BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
                header = header with { PromisedDuration = Span(promised, movieTimeScale) };
            }
            else if (child.Type == BoxTypes.Trex && body.Length >= 20 && BinaryPrimitives.ReadUInt32BigEndian(body[4..]) == trackId)
            {
                header = header with
                {
                    DefaultSampleDuration = BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
                    DefaultSampleSize = BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
                };
            }
        }

        return header;
    }

    /// <summary>Version and flags, stream (16 bytes), number, decoding time, and then nanoseconds since 1970, 8 bytes each.</summary>
    static DateTimeOffset? ReadInstant(BoundedReader reader, Box udta)
    {
        if (udta.FindChild(reader, BoxTypes.Mtxi) is not { BodyLength: >= MtxiLength } mtxi)
            return null;
        var body = reader.Peek(mtxi.Body, MtxiLength);
        return body.Length == MtxiLength && BinaryPrimitives.ReadInt64BigEndian(body[MtxiInstant..]) is > 0 and var nanoseconds
            ? DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick)
            : null;
    }

    static Mp4Track? Better(Mp4Track? chosen, Mp4Track? candidate)
    {
        if (candidate is not { } next || chosen is not { } now)
            return chosen ?? candidate;
        if (now.IsVideo || next.IsVideo)
            return now.IsVideo ? chosen : candidate;

        // Cross-multiplied, so that no time scale can make it overflow or divide.
        return (UInt128)next.Duration * now.TimeScale > (UInt128)now.Duration * next.TimeScale ? candidate : chosen;
    }

    static TimeSpan Span(ulong units, uint timeScale) => timeScale == 0 ? default : MediaTime.FromUnits(units, timeScale);
}

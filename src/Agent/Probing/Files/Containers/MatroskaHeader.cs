using System.Globalization;
using System.Text;

namespace Agent.Probing.Files.Containers;

/// <summary>What a Matroska segment says before its first cluster.</summary>
/// <param name="Scale">Nanoseconds in one unit of its times.</param>
/// <param name="Duration">Of the longest track, in those units; 0 while the file is not finalised.</param>
/// <param name="TrackDuration">Where the measured track ends by the writer's own tag; null when there is none.</param>
readonly record struct MatroskaHeader(
    ulong Scale, double Duration, MatroskaHeader.Track? Measured, int TrackCount, TimeSpan? TrackDuration, EbmlElement? FirstCluster)
{
    const ulong OrdinaryScale = 1_000_000;
    const int VideoType = 1;
    const int MostElements = 1000;

    /// <summary>Where the index (Cues) is by the table at the start; null where that knows of none.</summary>
    internal long? Cues { get; init; }

    /// <param name="segment">Its children are read up to the first cluster.</param>
    internal static MatroskaHeader Read(BoundedReader reader, EbmlElement segment)
    {
        var header = new MatroskaHeader(OrdinaryScale, 0, null, 0, null, null);
        EbmlElement? tags = null;
        var at = segment.Body;
        for (var i = 0; i < MostElements && EbmlElement.TryRead(reader, at, segment.End, out var child); i++)
        {
            if (child.Id == MatroskaIds.Cluster)
            {
                header = header with { FirstCluster = child };
                break;
            }

            if (child.IsUnknownSize || child.End > reader.Length)
                break;
            if (child.Id == MatroskaIds.Info)
                header = header.WithInfo(reader, child);
            else if (child.Id == MatroskaIds.SeekHead)
                header = header with { Cues = ReadSeekHead(reader, child, segment.Body) ?? header.Cues };
            else if (child.Id == MatroskaIds.Cues)
                header = header with { Cues = child.Start };
            else if (child.Id == MatroskaIds.Tracks)
                header = header.WithTracks(reader, child);
            else if (child.Id == MatroskaIds.Tags)
                tags = child;

            at = child.End;
        }

        return tags is { } found && header.Measured is { } track
            ? header with { TrackDuration = ReadTrackDuration(reader, found, track.Uid) }
            : header;
    }

    MatroskaHeader WithInfo(BoundedReader reader, EbmlElement info)
    {
        var header = this;
        for (var at = info.Body; info.TryReadChild(reader, at, out var child); at = child.End)
        {
            if (child.Id == MatroskaIds.TimestampScale && child.ReadUnsigned(reader) is > 0 and var scale)
                header = header with { Scale = scale };
            else if (child.Id == MatroskaIds.Duration && child.ReadFloat(reader) is { } duration && double.IsFinite(duration) && duration > 0)
                header = header with { Duration = duration };
        }

        return header;
    }

    static long? ReadSeekHead(BoundedReader reader, EbmlElement seekHead, long segmentBody)
    {
        for (var at = seekHead.Body; seekHead.TryReadChild(reader, at, out var seek); at = seek.End)
        {
            if (seek.Id == MatroskaIds.Seek && Find(reader, seek, MatroskaIds.SeekId)?.ReadUnsigned(reader) == MatroskaIds.Cues
                && Find(reader, seek, MatroskaIds.SeekPosition)?.ReadUnsigned(reader) is <= long.MaxValue / 2 and var position)
                return segmentBody + (long)position;
        }

        return null;
    }

    MatroskaHeader WithTracks(BoundedReader reader, EbmlElement tracks)
    {
        var header = this;
        for (var at = tracks.Body; tracks.TryReadChild(reader, at, out var child); at = child.End)
        {
            if (child.Id != MatroskaIds.TrackEntry)
                continue;

            var track = ReadTrack(reader, child);
            header = header with
            {
                TrackCount = header.TrackCount + 1,
                Measured = header.Measured is null && track.IsVideo ? track : header.Measured,
            };
        }

        return header;
    }

    static Track ReadTrack(BoundedReader reader, EbmlElement entry)
    {
        var track = default(Track);
        for (var at = entry.Body; entry.TryReadChild(reader, at, out var child); at = child.End)
        {
            track = child.Id switch
            {
                MatroskaIds.TrackNumber => track with { Number = child.ReadUnsigned(reader) ?? 0 },
                MatroskaIds.TrackUid => track with { Uid = child.ReadUnsigned(reader) ?? 0 },
                MatroskaIds.TrackType => track with { IsVideo = child.ReadUnsigned(reader) == VideoType },
                MatroskaIds.DefaultDuration => track with { FrameNanoseconds = child.ReadUnsigned(reader) ?? 0 },
                _ => track,
            };
        }

        return track;
    }

    static TimeSpan? ReadTrackDuration(BoundedReader reader, EbmlElement tags, ulong trackUid)
    {
        for (var at = tags.Body; tags.TryReadChild(reader, at, out var tag); at = tag.End)
        {
            var isOurs = false;
            TimeSpan? duration = null;
            for (var inTag = tag.Body; tag.TryReadChild(reader, inTag, out var child); inTag = child.End)
            {
                if (child.Id == MatroskaIds.Targets)
                    isOurs = Find(reader, child, MatroskaIds.TagTrackUid)?.ReadUnsigned(reader) == trackUid;
                else if (child.Id == MatroskaIds.SimpleTag && ReadText(reader, child, MatroskaIds.TagName) == "DURATION")
                    duration = ParseDuration(ReadText(reader, child, MatroskaIds.TagString));
            }

            if (isOurs && duration is not null)
                return duration;
        }

        return null;
    }

    /// <summary>Writers store "00:00:03.040000000" and pad it with zero bytes; more digits than a tick are cut off.</summary>
    static TimeSpan? ParseDuration(string? text)
    {
        var trimmed = text?.TrimEnd('\0');
        return trimmed is { Length: 18 }
            && TimeSpan.TryParseExact(trimmed[..16], @"hh\:mm\:ss\.fffffff", CultureInfo.InvariantCulture, out var duration)
                ? duration
                : null;
    }

    static string? ReadText(BoundedReader reader, EbmlElement parent, uint id) =>
        Find(reader, parent, id) is { } element && element.End - element.Body <= 64
            ? Encoding.ASCII.GetString(reader.Peek(element.Body, (int)(element.End - element.Body)))
            : null;

    static EbmlElement? Find(BoundedReader reader, EbmlElement parent, uint id)
    {
        for (var at = parent.Body; parent.TryReadChild(reader, at, out var child); at = child.End)
        {
            if (child.Id == id)
                return child;
        }

        return null;
    }

    internal readonly record struct Track(ulong Number, ulong Uid, bool IsVideo, ulong FrameNanoseconds);
}

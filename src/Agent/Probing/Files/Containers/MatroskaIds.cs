namespace Agent.Probing.Files.Containers;

/// <summary>Element identifiers of Matroska, RFC 9559.</summary>
static class MatroskaIds
{
    internal const uint Ebml = 0x1A45DFA3;
    internal const uint Segment = 0x18538067;
    internal const uint SeekHead = 0x114D9B74;
    internal const uint Seek = 0x4DBB;
    internal const uint SeekId = 0x53AB;
    internal const uint SeekPosition = 0x53AC;
    internal const uint Info = 0x1549A966;
    internal const uint TimestampScale = 0x2AD7B1;
    internal const uint Duration = 0x4489;
    internal const uint Tracks = 0x1654AE6B;
    internal const uint TrackEntry = 0xAE;
    internal const uint TrackNumber = 0xD7;
    internal const uint TrackUid = 0x73C5;
    internal const uint TrackType = 0x83;
    internal const uint DefaultDuration = 0x23E383;
    internal const uint Cluster = 0x1F43B675;
    internal const uint Checksum = 0xBF;
    internal const uint Timestamp = 0xE7;
    internal const uint SimpleBlock = 0xA3;
    internal const uint BlockGroup = 0xA0;
    internal const uint Block = 0xA1;
    internal const uint BlockDuration = 0x9B;
    internal const uint Cues = 0x1C53BB6B;
    internal const uint CuePoint = 0xBB;
    internal const uint CueTime = 0xB3;
    internal const uint CueTrackPositions = 0xB7;
    internal const uint CueTrack = 0xF7;
    internal const uint CueClusterPosition = 0xF1;
    internal const uint Attachments = 0x1941A469;
    internal const uint Chapters = 0x1043A770;
    internal const uint Tags = 0x1254C367;
    internal const uint Tag = 0x7373;
    internal const uint Targets = 0x63C0;
    internal const uint TagTrackUid = 0x63C5;
    internal const uint SimpleTag = 0x67C8;
    internal const uint TagName = 0x45A3;
    internal const uint TagString = 0x4487;

    /// <summary>Elements that stand beside clusters, and so end one whose size is unknown.</summary>
    internal static bool EndsCluster(uint id) =>
        id is Cluster or Cues or Tags or Attachments or Chapters or SeekHead or Info or Tracks or Segment or Ebml;
}

namespace Agent.Probing.Onvif;

/// <summary>One recording of a recorder, as it lists them: what ties it to a camera, and what it claims of its bounds.</summary>
internal sealed record StoredRecording
{
    /// <summary>Its name in all calls.</summary>
    public required string Token { get; init; }

    /// <summary>Of what it is a recording; empty when not said.</summary>
    public string SourceId { get; init; } = "";

    /// <summary>The camera's name for people; empty when not said.</summary>
    public string SourceName { get; init; } = "";

    /// <summary>The media profile that its recording job takes from; null when there is no job.</summary>
    public string? JobSource { get; init; }

    /// <summary>Type of each track (Video, Audio, Metadata) by its token.</summary>
    public IReadOnlyDictionary<string, string> Tracks { get; init; } = new Dictionary<string, string>();

    /// <summary>Oldest footage that it claims; null when it claims none that is possible.</summary>
    public DateTimeOffset? Earliest { get; init; }

    /// <summary>Newest footage that it claims; null when it claims none that is possible.</summary>
    public DateTimeOffset? Latest { get; init; }

    /// <summary>It says that it records no more.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Nothing says that it is not of a camera.</summary>
    public bool HasVideo => Tracks.Count == 0 || Tracks.Values.Any(IsVideoType);

    /// <summary>Whether a track holds pictures; one that was never listed may.</summary>
    public bool IsVideo(string track) => !Tracks.TryGetValue(track, out var type) || IsVideoType(type);

    /// <summary>The same with what another list knows of it; what is known already stands.</summary>
    public StoredRecording With(StoredRecording other) => this with
    {
        SourceId = SourceId.Length > 0 ? SourceId : other.SourceId,
        SourceName = SourceName.Length > 0 ? SourceName : other.SourceName,
        JobSource = JobSource ?? other.JobSource,
        Tracks = Tracks.Count > 0 ? Tracks : other.Tracks,
        Earliest = Earliest ?? other.Earliest,
        Latest = Latest ?? other.Latest,
        IsStopped = IsStopped || other.IsStopped,
    };

    /// <summary>From a RecordingItem of GetRecordings or a RecordingInformation of a search; null without a token.</summary>
    public static StoredRecording? Of(SoapElement element)
    {
        if (element.TextAt("RecordingToken") is not { } token)
            return null;
        var source = element["Source"] ?? element.At("Configuration", "Source");
        var tracks = element.All("Track").Concat(element["Tracks"]?.All("Track") ?? []).ToList();
        var video = tracks.Where(t => TypeOf(t) is { } type && IsVideoType(type)).ToList();
        return new StoredRecording
        {
            Token = token,
            SourceId = source?.TextAt("SourceId") ?? "",
            SourceName = source?.TextAt("Name") ?? "",
            Tracks = tracks.Where(t => t.TextAt("TrackToken") is not null && TypeOf(t) is not null).GroupBy(t => t.TextAt("TrackToken")!, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => TypeOf(g.First())!, StringComparer.Ordinal),
            Earliest = video.Select(t => OnvifTime.Plausible(t.TextAt("DataFrom"))).Append(OnvifTime.Plausible(element.TextAt("EarliestRecording"))).Min(),
            Latest = video.Select(t => OnvifTime.Plausible(t.TextAt("DataTo"))).Append(OnvifTime.Plausible(element.TextAt("LatestRecording"))).Max(),
            IsStopped = element.TextAt("RecordingStatus") is "Stopped" or "Removing" or "Removed",
        };
    }

    static string? TypeOf(SoapElement track) => track.TextAt("TrackType") ?? track.TextAt("Configuration", "TrackType");

    static bool IsVideoType(string type) => string.Equals(type, "Video", StringComparison.OrdinalIgnoreCase);
}

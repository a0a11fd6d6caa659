using System.Collections.Immutable;

namespace Agent.Evidence.Statements;

/// <summary>
/// What a heartbeat says: the body of its ledger entry. See <see cref="HeartbeatCodec"/> for its bytes and
/// <see cref="HeartbeatAuditor"/> for whether its verdicts follow from its evidence.
/// </summary>
public sealed record Heartbeat
{
    /// <summary>The sequence number of the previous heartbeat of this epoch; 0 when there is none.</summary>
    public required long After { get; init; }

    /// <summary>The site, as the authority calls it.</summary>
    public required string Site { get; init; }

    /// <summary>The instant judged, UTC, whole milliseconds; every camera's window ends here.</summary>
    public required DateTimeOffset AsOf
    {
        get;
        init => field = WholeMilliseconds.Of(value);
    }

    /// <summary>The IANA id of the zone that the site's days are counted in, such as <c>Asia/Shanghai</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>SHA-256 of the last receipt (the text of its JWS) this agent holds, lower-case hex; null when it holds none.</summary>
    public required string? Receipt { get; init; }

    /// <summary>The version of the agent's software.</summary>
    public required string SoftwareVersion { get; init; }

    /// <summary>What is said of each camera.</summary>
    public required ImmutableArray<CameraStatement> Cameras { get; init; }
}

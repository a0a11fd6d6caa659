namespace Agent.Probing.Rtsp;

/// <summary>What a few seconds of a camera's live stream showed.</summary>
internal sealed record LiveAnswer
{
    /// <summary>Why no live video was seen; null when it was.</summary>
    public RtspFailure? Failure { get; init; }

    /// <summary>The same in one printable clause; also what could not be found out although video was seen.</summary>
    public string? Message { get; init; }

    /// <summary>As the recorder names it, such as H264.</summary>
    public string? Codec { get; init; }

    /// <summary>In pixels; null when nothing was decoded.</summary>
    public int? Width { get; init; }

    /// <inheritdoc cref="Width"/>
    public int? Height { get; init; }

    /// <summary>By the pictures' own times.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>How many pictures came.</summary>
    public int Pictures { get; init; }

    /// <summary>How many of them could be decoded; null when nobody tried, and all that is known is that packets came.</summary>
    public int? Decoded { get; init; }
}

using Agent.Evidence.Timelines;

namespace Agent.Evidence.Statements;

/// <summary>
/// Which camera a statement speaks of, without saying what anything is called. Codes are 1 to 32 characters of
/// <c>A-Z a-z 0-9 -</c>, too few for a path, an address or a host name with its domain.
/// </summary>
public sealed record CameraLabel
{
    /// <summary>The camera's code.</summary>
    public required string Camera { get; init; }

    /// <summary>The codes of the recorders that hold it, at most 16.</summary>
    public required IReadOnlyList<string> Recorders { get; init; }

    /// <summary>What the track records.</summary>
    public TrackKind Kind { get; init; } = TrackKind.Video;

    /// <summary>The strongest basis any of the evidence rests on; null when nothing was observed.</summary>
    public required Basis? Strongest { get; init; }

    /// <summary>The weakest basis any of the evidence rests on; null when nothing was observed.</summary>
    public required Basis? Weakest { get; init; }

    /// <summary>Who says which policy binds it.</summary>
    public Assignment Assignment { get; init; } = Assignment.Declared;
}

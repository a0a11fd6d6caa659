using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>A verdict without its evidence, which the last heartbeat carries.</summary>
/// <param name="Camera">The camera's code.</param>
/// <param name="Kind">The kind of record.</param>
/// <param name="Days">The number of days that binds.</param>
/// <param name="Verdict">The verdict for them.</param>
public sealed record CameraVerdict(string Camera, TrackKind Kind, int Days, Verdict Verdict);

using Agent.Evidence.Timelines;

namespace Agent.Auditing;

/// <summary>The latest measured timeline of one camera.</summary>
/// <param name="Code">What it is called in evidence.</param>
/// <param name="Kind">What it records.</param>
/// <param name="LookedAt">When it was looked at; nothing is known after it.</param>
/// <param name="Timeline">What was seen.</param>
internal sealed record MeasuredCamera(string Code, TrackKind Kind, DateTimeOffset LookedAt, Timeline Timeline);

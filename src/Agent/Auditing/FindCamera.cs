namespace Agent.Auditing;

/// <summary>Finds what was measured of a camera last; null when nothing was since the agent started.</summary>
/// <param name="code">The camera's code.</param>
internal delegate MeasuredCamera? FindCamera(string code);

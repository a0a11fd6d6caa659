namespace Agent.Auditing;

/// <summary>What a route is called in the access register; null for one that anybody may use.</summary>
internal sealed record PollRoute(string? What);

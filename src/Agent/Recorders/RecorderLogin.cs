using Agent.Keys;

namespace Agent.Recorders;

/// <summary>With what the agent signs in at a recorder.</summary>
sealed record RecorderLogin(string Username, Secret Password);

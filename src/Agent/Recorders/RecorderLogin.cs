using Agent.Keys;

namespace Agent.Recorders;

/// <summary>With what the agent signs in at a recorder.</summary>
sealed record RecorderLogin(string Username, Secret Password)
{
    /// <summary>The password itself, for those who prove it to the recorder.</summary>
    public string RevealPassword() => Password.Reveal();
}

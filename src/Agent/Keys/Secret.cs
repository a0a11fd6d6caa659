namespace Agent.Keys;

/// <summary>A password. Where an object is printed, logged or written as JSON, nothing of it shows; only a deliberate call tells it.</summary>
sealed class Secret(string value)
{
    /// <summary>The password itself, for the one place that must hand it over.</summary>
    public string Reveal() => value;

    public override string ToString() => "(not shown)";
}

namespace Agent.Evidence.Statements;

/// <summary>A key rotation that holds.</summary>
/// <param name="Old">The key that gave its word and speaks no longer.</param>
/// <param name="Rotation">What it said: the new key, and from which entry on.</param>
public sealed record KeySuccession(Jwk Old, KeyRotation Rotation)
{
    /// <summary>The key that speaks from there on.</summary>
    public Jwk New => Rotation.Key;
}

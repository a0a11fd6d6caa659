namespace Agent.Evidence.Statements;

/// <summary>What checking a key rotation gave. Either the first two are set or the last.</summary>
/// <param name="Rotation">The rotation, when it holds.</param>
/// <param name="SignedBy">The key that gave its word.</param>
/// <param name="Fault">The first thing that does not hold.</param>
public sealed record KeyRotationCheck(KeyRotation? Rotation, Jwk? SignedBy, StatementFault? Fault);

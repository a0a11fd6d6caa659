namespace Agent.Evidence.Statements;

/// <summary>What checking a key rotation gave. Exactly one of the two is set.</summary>
/// <param name="Succession">The rotation and whose word it is, when it holds.</param>
/// <param name="Fault">The first thing that does not hold.</param>
public sealed record KeyRotationCheck(KeySuccession? Succession, StatementFault? Fault);

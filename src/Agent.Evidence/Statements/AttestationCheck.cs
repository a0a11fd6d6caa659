namespace Agent.Evidence.Statements;

/// <summary>What checking an attestation gave. Either the first two are set or the last.</summary>
/// <param name="Attestation">The attestation, when everything holds.</param>
/// <param name="Key">The pinned key that signed it. Whether that key may speak for the agent is for the caller to check.</param>
/// <param name="Fault">The first thing that does not hold.</param>
public sealed record AttestationCheck(Attestation? Attestation, Jwk? Key, StatementFault? Fault);

namespace Agent.Evidence.Statements;

/// <summary>Asks for a fresh attestation that carries a nonce.</summary>
/// <param name="Id">What the answer names.</param>
/// <param name="Nonce">base64url of 16 to 64 bytes, never used before.</param>
public sealed record AttestAsk(string Id, string Nonce) : Ask(Id);

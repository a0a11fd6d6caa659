namespace Agent.Ledger;

/// <summary>Says where this agent stands at this moment, signed.</summary>
/// <param name="nonce">The asker's nonce, as it came; null when nobody asked.</param>
/// <returns>A compact JWS of type <c>footage-attestation+jws</c>, good for a minute.</returns>
delegate string Attest(string? nonce);

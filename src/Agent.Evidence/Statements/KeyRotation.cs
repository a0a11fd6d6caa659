namespace Agent.Evidence.Statements;

/// <summary>
/// The word of a signing key for its successor: the payload of a JWS of type <see cref="StatementTypes.KeyRotation"/>, which stands in a
/// ledger entry of type <c>key-rotate</c>. From the next entry on only the new key speaks. See <see cref="KeyRotationCodec"/> for its bytes.
/// </summary>
/// <param name="Agent">The agent whose key it is.</param>
/// <param name="Epoch">The epoch of the entry it stands in.</param>
/// <param name="Seq">The sequence number of the entry it stands in.</param>
/// <param name="Key">The new public key.</param>
public sealed record KeyRotation(string Agent, Guid Epoch, long Seq, Jwk Key)
{
    /// <summary>The version of the format, the value of <c>v</c>.</summary>
    public const int Version = 1;
}

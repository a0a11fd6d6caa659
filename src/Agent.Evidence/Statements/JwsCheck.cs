namespace Agent.Evidence.Statements;

/// <summary>What checking a JWS gave: the payload and who signed it, or why it was refused.</summary>
public sealed record JwsCheck
{
    JwsCheck()
    {
    }

    /// <summary>Null when the signature holds.</summary>
    public JwsFault? Fault { get; private init; }

    /// <summary>One plain sentence about <see cref="Fault"/>; empty when there is none.</summary>
    public string Message { get; private init; } = "";

    /// <summary>The signed bytes; empty unless the signature holds.</summary>
    public ReadOnlyMemory<byte> Payload { get; private init; }

    /// <summary>The pinned key that signed; null unless the signature holds.</summary>
    public Jwk? Key { get; private init; }

    internal static JwsCheck Holds(byte[] payload, Jwk key) => new() { Payload = payload, Key = key };

    internal static JwsCheck Refuse(JwsFault fault, string message) => new() { Fault = fault, Message = message };
}

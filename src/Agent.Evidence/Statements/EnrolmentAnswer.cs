using System.Collections.Immutable;

namespace Agent.Evidence.Statements;

/// <summary>
/// What an audit server that took an agent in answers: its keys, with a proof that it holds the code. See <see cref="EnrolmentAnswerCodec"/>
/// for its bytes.
/// </summary>
public sealed record EnrolmentAnswer
{
    /// <summary>The version of the format, the value of <c>v</c>.</summary>
    public const int Version = 1;

    /// <summary>The server's own name.</summary>
    public required string Server { get; init; }

    /// <summary>The site the agent was taken in for.</summary>
    public required string Site { get; init; }

    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>Thumbprint of the agent's key that was pinned.</summary>
    public required string Kid { get; init; }

    /// <summary>The keys that the server's receipts are signed with.</summary>
    public required ImmutableArray<Jwk> Keys { get; init; }

    /// <summary>The key that commitments are sealed to.</summary>
    public required EncryptionJwk Encryption { get; init; }
}

using System.Collections.Immutable;

namespace Agent.Evidence.Statements;

/// <summary>
/// An agent's request to be taken in: the payload of a JWS of type <see cref="StatementTypes.Enrolment"/>, signed by the key it names, with
/// a proof that whoever made it holds the code. See <see cref="EnrolmentCodec"/> for its bytes.
/// </summary>
public sealed record Enrolment
{
    /// <summary>The version of the format, the value of <c>v</c>.</summary>
    public const int Version = 1;

    /// <summary>The code's <see cref="EnrolmentCode.Id"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The site the agent measures.</summary>
    public required string Site { get; init; }

    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The epoch of its ledger.</summary>
    public required Guid Epoch { get; init; }

    /// <summary>The newest entry of its ledger, 0 while it is empty: what an earlier key signed up to there still counts.</summary>
    public required long Seq { get; init; }

    /// <summary>The key it signs with from here on.</summary>
    public required Jwk Key { get; init; }

    /// <summary>Its recorders.</summary>
    public required ImmutableArray<EnrolledRecorder> Recorders { get; init; }
}

using System.Collections.Immutable;

namespace Agent.Evidence.Statements;

/// <summary>
/// A fresh statement of where an agent stands: the payload of a JWS of type <see cref="StatementTypes.Attestation"/>. It is good for a
/// minute and enters no ledger; what it names does. See <see cref="AttestationCodec"/> for its bytes.
/// </summary>
public sealed record Attestation
{
    /// <summary>The version of the format, the value of <c>v</c>.</summary>
    public const int Version = 1;

    /// <summary>How long an attestation is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>The site, as the authority calls it.</summary>
    public required string Site { get; init; }

    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The epoch of its ledger.</summary>
    public required Guid Epoch { get; init; }

    /// <summary>The sequence number of its newest entry; 0 before the first.</summary>
    public required long Seq { get; init; }

    /// <summary>The hash of its newest entry.</summary>
    public required string Head { get; init; }

    /// <summary>When it was made (<c>iat</c>), by the agent's clock, whole seconds. It ends <see cref="Lifetime"/> later (<c>exp</c>).</summary>
    public required DateTimeOffset IssuedAt
    {
        get;
        init => field = DateTimeOffset.FromUnixTimeSeconds(value.ToUnixTimeSeconds());
    }

    /// <summary>The asker's nonce (<c>eat_nonce</c>), as it came; null when nobody asked.</summary>
    public required string? Nonce { get; init; }

    /// <summary>The machine's boot, as in ledger entries.</summary>
    public required string Boot { get; init; }

    /// <summary>Milliseconds of the monotonic clock, as in ledger entries.</summary>
    public required long MonotonicMilliseconds { get; init; }

    /// <summary>How many statements wait for a receipt.</summary>
    public required long Pending { get; init; }

    /// <summary>Sequence number of the oldest of them; null when none waits.</summary>
    public required long? OldestPending { get; init; }

    /// <summary>SHA-256 of the last receipt (the text of its JWS) this agent holds; null when it holds none.</summary>
    public required string? Receipt { get; init; }

    /// <summary>When the verdicts below were measured; null when nothing was measured yet.</summary>
    public required DateTimeOffset? AsOf { get; init; }

    /// <summary>The latest verdict of each camera.</summary>
    public required ImmutableArray<CameraVerdict> Cameras { get; init; }
}

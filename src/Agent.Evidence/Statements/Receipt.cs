using System.Collections.Immutable;

namespace Agent.Evidence.Statements;

/// <summary>
/// The audit server's acceptance of one heartbeat or tick: the payload of a JWS of type <see cref="StatementTypes.Receipt"/>.
/// It says "these bytes were in my hands at this time and are stored", not that the verdicts are right.
/// See <see cref="ReceiptCodec"/> for its bytes.
/// </summary>
public sealed record Receipt
{
    /// <summary>The version of the format, the value of <c>v</c>.</summary>
    public const int Version = 1;

    /// <summary>The server's own name, 1 to 200 characters.</summary>
    public required string Server { get; init; }

    /// <summary>The site the agent's key is pinned for.</summary>
    public required string Site { get; init; }

    /// <summary>The agent whose heartbeat this is.</summary>
    public required string Agent { get; init; }

    /// <summary>The epoch of the heartbeat's entry.</summary>
    public required Guid Epoch { get; init; }

    /// <summary>The sequence number of the heartbeat's entry.</summary>
    public required long Seq { get; init; }

    /// <summary>SHA-256 of the heartbeat entry's bytes, lower-case hex. By the chain it stands for every entry before it.</summary>
    public required string Entry { get; init; }

    /// <summary>When the server received it (<c>t</c>), by the server's clock, UTC, whole milliseconds.</summary>
    public required DateTimeOffset ReceivedAt
    {
        get;
        init => field = new DateTimeOffset(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }

    /// <summary>Hash of the previous heartbeat's entry, when the server holds it and this heartbeat follows it; otherwise null.</summary>
    public required string? Previous { get; init; }

    /// <summary>Whole seconds between the heartbeat's own time and <see cref="ReceivedAt"/>; 0 when its clock is ahead.</summary>
    public required long LateSeconds { get; init; }

    /// <summary>What the server noticed; empty when nothing.</summary>
    public required ImmutableArray<ReceiptFinding> Findings { get; init; }

    /// <summary>Whether judging the evidence again gave the same verdicts.</summary>
    public required ServerJudgement Judged { get; init; }

    /// <summary>What the server asks of the agent; empty when nothing.</summary>
    public required ImmutableArray<Ask> Asks { get; init; }

    /// <summary>Two receipts are equal when all fields are, and the same findings and asks stand in the same order.</summary>
    /// <param name="other">The receipt to compare with.</param>
    /// <returns>Whether both say the same.</returns>
    public bool Equals(Receipt? other) => other is not null
        && Server == other.Server && Site == other.Site && Agent == other.Agent && Epoch == other.Epoch && Seq == other.Seq
        && Entry == other.Entry && ReceivedAt == other.ReceivedAt && Previous == other.Previous && LateSeconds == other.LateSeconds
        && Findings.SequenceEqual(other.Findings) && Judged == other.Judged && Asks.SequenceEqual(other.Asks);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Server, Agent, Epoch, Seq, Entry);
}

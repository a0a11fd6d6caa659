using System.Collections.Immutable;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>A heartbeat or tick whose signature and chain hold.</summary>
public sealed record VerifiedHeartbeat
{
    /// <summary>The pinned key that signed it. Whether that key may speak for <see cref="LedgerEntry.Agent"/> is for the caller to check.</summary>
    public required Jwk Key { get; init; }

    /// <summary>The statement's own ledger entry; its type is <see cref="EntryTypes.Heartbeat"/> or <see cref="EntryTypes.Tick"/>.</summary>
    public required LedgerEntry Entry { get; init; }

    /// <summary>The exact bytes of <see cref="Entry"/>: the payload of the JWS.</summary>
    public required ReadOnlyMemory<byte> EntryBytes { get; init; }

    /// <summary>The hash of <see cref="EntryBytes"/>, which a receipt names.</summary>
    public required string EntryHash { get; init; }

    /// <summary>The sequence number of the previous statement; 0 when there is none in this epoch.</summary>
    public required long After { get; init; }

    /// <summary>
    /// The hash of the previous statement's entry, as the chain has it; <see cref="EntryCodec.NoPrevious"/> when <see cref="After"/> is 0.
    /// Without a pinned start nobody has compared it with anything yet.
    /// </summary>
    public required string AfterHash { get; init; }

    /// <summary>The exact bytes of the entries after the previous statement and before this one: seq After + 1 to Entry.Seq - 1.</summary>
    public required ImmutableArray<ReadOnlyMemory<byte>> Between { get; init; }

    /// <summary>Keys that signed their successors in <see cref="Between"/>, in order; <see cref="Key"/> is then the last successor.</summary>
    public required ImmutableArray<KeySuccession> Rotations { get; init; }
}

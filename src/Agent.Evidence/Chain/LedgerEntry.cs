namespace Agent.Evidence.Chain;

/// <summary>
/// One entry of an agent's append-only, hash-chained ledger. Its bytes (see <see cref="EntryCodec"/> and FORMAT.md) are what
/// is stored, hashed, signed and sent; this type is only a view of them.
/// </summary>
public sealed record LedgerEntry
{
    /// <summary>The version of the format, the value of <c>v</c>.</summary>
    public const int Version = 1;

    /// <summary>The agent that wrote the entry: 1 to 128 characters of <c>A-Z a-z 0-9 . _ : @ -</c>.</summary>
    public required string Agent { get; init; }

    /// <summary>
    /// The life of one ledger database. Within it <see cref="Seq"/> has no holes; a database restored from a backup opens a new one.
    /// </summary>
    public required Guid Epoch { get; init; }

    /// <summary>Position in the epoch: 1, 2, 3, … without a hole.</summary>
    public required long Seq { get; init; }

    /// <summary>
    /// The wall clock when the entry was written (<c>t</c>), UTC, whole milliseconds: finer digits are cut off, other offsets converted.
    /// It may run backwards from one entry to the next, because clocks do.
    /// </summary>
    public required DateTimeOffset Time
    {
        get;
        init => field = new DateTimeOffset(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }

    /// <summary>
    /// What identifies the machine's current boot, so that <see cref="MonotonicMilliseconds"/> of two entries can be compared;
    /// same characters as <see cref="Agent"/>.
    /// </summary>
    public required string Boot { get; init; }

    /// <summary>Milliseconds of a clock nobody can set (<c>mono</c>), counted from some instant of this <see cref="Boot"/>.</summary>
    public required long MonotonicMilliseconds { get; init; }

    /// <summary>
    /// SHA-256 of the previous entry's bytes (<c>prev</c>), 64 lower-case hex digits; <see cref="EntryCodec.NoPrevious"/> for the first.
    /// </summary>
    public required string Previous { get; init; }

    /// <summary>What the entry tells (<c>heartbeat</c>, <c>receipt</c>, <c>start</c>, …); same characters as <see cref="Agent"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The body, a JSON object in UTF-8, byte for byte as it was hashed.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Two entries are equal when all fields are, and their bodies byte for byte.</summary>
    /// <param name="other">The entry to compare with.</param>
    /// <returns>Whether both encode to the same bytes.</returns>
    public bool Equals(LedgerEntry? other) => other is not null
        && Agent == other.Agent && Epoch == other.Epoch && Seq == other.Seq && Time == other.Time && Boot == other.Boot
        && MonotonicMilliseconds == other.MonotonicMilliseconds && Previous == other.Previous && Type == other.Type
        && Body.Span.SequenceEqual(other.Body.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Agent, Epoch, Seq, Previous, Type);
}

namespace Agent.Evidence.Statements;

/// <summary>
/// What an agent seals for the audit server when a segment is closed: which bytes, and their digest. The agent keeps only the sealed
/// form. See <see cref="CommitmentCodec"/> for its bytes.
/// </summary>
/// <param name="Sample">Which bytes of which segment.</param>
/// <param name="Digest">SHA-256(salt ‖ parts in order), lower-case hex.</param>
public sealed record Commitment(SegmentSample Sample, string Digest)
{
    /// <summary>The version of the format, the value of <c>v</c>.</summary>
    public const int Version = 1;
}

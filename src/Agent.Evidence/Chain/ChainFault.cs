namespace Agent.Evidence.Chain;

/// <summary>The first place where a chain does not hold.</summary>
/// <param name="Kind">What does not hold.</param>
/// <param name="Position">0-based index of the entry in what was given.</param>
/// <param name="Seq">The sequence number the entry itself claims; null when its bytes could not be read.</param>
/// <param name="Message">One plain sentence for a person.</param>
public sealed record ChainFault(ChainFaultKind Kind, long Position, long? Seq, string Message);

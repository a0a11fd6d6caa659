namespace Agent.Probing.Files.Indexing;

/// <summary>A segment whose end nothing readable tells. Times are UTC ticks.</summary>
/// <param name="Start">Begin, from its path.</param>
/// <param name="LastWritten">When it was last written.</param>
/// <param name="MayBeOpen">Without an end because its recorder has not finished it, not because it is broken.</param>
/// <param name="Next">When the next one of the folder begins that is not open; null when it is the last.</param>
internal readonly record struct LooseEnd(long Start, long LastWritten, bool MayBeOpen, long? Next);

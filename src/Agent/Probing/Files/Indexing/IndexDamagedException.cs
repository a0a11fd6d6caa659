namespace Agent.Probing.Files.Indexing;

/// <summary>The directory index is not as it was written; nothing in it may be believed.</summary>
internal sealed class IndexDamagedException(Exception inner) : Exception("The directory index is damaged.", inner);

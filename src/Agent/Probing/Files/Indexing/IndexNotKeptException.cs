namespace Agent.Probing.Files.Indexing;

/// <summary>The directory index cannot be written or opened just now; what was in it stays as good as it was.</summary>
internal sealed class IndexNotKeptException(string reason, Exception inner) : Exception(reason, inner);

namespace Agent.Probing.Files.Indexing;

/// <summary>The two instants of a look.</summary>
/// <param name="Now">When it began, on our clock.</param>
/// <param name="Until">Footage that begins at this time or later is left out: now, or the earlier time that was asked about.</param>
internal readonly record struct LookTimes(DateTimeOffset Now, DateTimeOffset Until);

namespace Agent.Probing.Files;

/// <summary>Progress of a look: files done so far, and where it is.</summary>
internal readonly record struct ProbeProgress(long Files, string RelativePath);

namespace Agent.Probing.Files;

/// <summary>A file of the tree that by its extension may be footage.</summary>
/// <param name="FullPath">To open it.</param>
/// <param name="RelativePath">Below the recorder's folder, with '/' between parts.</param>
internal readonly record struct FootageFile(string FullPath, string RelativePath);

namespace Agent.Tests.Repository;

/// <summary>One source file: its path from the repository root with forward slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public string Name => System.IO.Path.GetFileName(Path);
}

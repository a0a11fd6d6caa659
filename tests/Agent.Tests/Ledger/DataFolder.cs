namespace Agent.Tests.Ledger;

/// <summary>A data directory for one test.</summary>
sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agent-data-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

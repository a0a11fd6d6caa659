namespace Agent.EndToEnd;

/// <summary>One run of the ledger's driver in which a system call failed.</summary>
/// <param name="Folder">Its data directory.</param>
/// <param name="Ended">How it ended; as strace passes it on.</param>
/// <param name="Told">What it said, line by line.</param>
internal sealed record SyscallRun(string Folder, EndedProcess Ended, IReadOnlyList<string> Told)
{
    /// <summary>What it was told is in the ledger.</summary>
    public IReadOnlyList<string> Acknowledged { get; } =
        [.. Told.Where(line => line.StartsWith("entry ", StringComparison.Ordinal) || line.StartsWith("receipt ", StringComparison.Ordinal))];
}

namespace Agent.Keys;

/// <summary>A file that makes the agent's identity cannot be trusted or read. The operator decides; the agent does not start.</summary>
sealed class KeyFileException(string path, string reason, Exception? cause = null)
    : Exception($"{path}: {reason}.", cause)
{
    public string Path { get; } = path;
}

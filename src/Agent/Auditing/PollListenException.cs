namespace Agent.Auditing;

/// <summary>The configured address cannot be listened on: another program has it, or this machine does not. The operator decides.</summary>
internal sealed class PollListenException(string message, Exception cause) : Exception(message, cause);

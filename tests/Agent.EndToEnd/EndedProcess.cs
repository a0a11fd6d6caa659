namespace Agent.EndToEnd;

/// <summary>What a program left behind.</summary>
internal sealed record EndedProcess(int ExitCode, string Output, string Errors);

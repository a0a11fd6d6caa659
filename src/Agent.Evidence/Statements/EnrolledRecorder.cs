namespace Agent.Evidence.Statements;

/// <summary>A recorder as it is told at enrolment.</summary>
/// <param name="Recorder">Its code, as in heartbeats.</param>
/// <param name="Serial">
/// What identifies its storage, hashed with a secret of the agent: equal as long as it is the same storage, and telling nothing else. Null
/// when not known.
/// </param>
public sealed record EnrolledRecorder(string Recorder, string? Serial);

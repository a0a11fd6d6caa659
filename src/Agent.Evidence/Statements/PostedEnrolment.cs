namespace Agent.Evidence.Statements;

/// <summary>A request to be taken in, as it came.</summary>
/// <param name="Enrolment">What is asked.</param>
/// <param name="Payload">Its exact bytes, over which the proof was made.</param>
/// <param name="Jws">The signed text.</param>
public sealed record PostedEnrolment(Enrolment Enrolment, ReadOnlyMemory<byte> Payload, string Jws);

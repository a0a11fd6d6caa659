namespace Agent.Evidence.Statements;

/// <summary>What reading a request to be taken in gave. Either the first two are set or the last.</summary>
/// <param name="Enrolment">The request, signed by the key it names. Whether its proof holds is for the holder of the code to check.</param>
/// <param name="Payload">Its exact bytes.</param>
/// <param name="Fault">The first thing that does not hold.</param>
public sealed record EnrolmentCheck(Enrolment? Enrolment, ReadOnlyMemory<byte> Payload, StatementFault? Fault);

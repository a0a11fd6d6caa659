namespace Agent.Evidence.Statements;

/// <summary>What reading a request to be taken in gave. Exactly one is set.</summary>
/// <param name="Posted">The request, signed by the key it names. Whether its proof holds is for the holder of the code to check.</param>
/// <param name="Fault">The first thing that does not hold.</param>
public sealed record EnrolmentCheck(PostedEnrolment? Posted, StatementFault? Fault);

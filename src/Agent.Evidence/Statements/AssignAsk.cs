namespace Agent.Evidence.Statements;

/// <summary>Assigns a required age to a camera. Because the receipt is signed, this is an assignment by the authority.</summary>
/// <param name="Id">What the answer names.</param>
/// <param name="Camera">The camera's code.</param>
/// <param name="RequiredDays">1 to 400.</param>
public sealed record AssignAsk(string Id, string Camera, int RequiredDays) : Ask(Id);

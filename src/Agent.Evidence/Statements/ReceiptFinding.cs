namespace Agent.Evidence.Statements;

/// <summary>Something the audit server noticed about a heartbeat it nevertheless accepted. A measurement, never an accusation.</summary>
/// <param name="Code">A stable name, for example <c>Late</c> or <c>MissingPredecessor</c>.</param>
/// <param name="Message">One plain sentence for a person.</param>
public sealed record ReceiptFinding(string Code, string Message);

namespace Agent.Evidence.Statements;

/// <summary>What checking a receipt gave. Exactly one of the two is set.</summary>
/// <param name="Receipt">The receipt, when everything holds.</param>
/// <param name="Fault">The first thing that does not hold.</param>
public sealed record ReceiptCheck(Receipt? Receipt, StatementFault? Fault);

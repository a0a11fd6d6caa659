using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>The first line of a ledger export that does not hold.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Kind"><see cref="StatementFaultKind.Malformed"/> or <see cref="StatementFaultKind.BrokenChain"/>.</param>
/// <param name="Message">One plain sentence for a person.</param>
/// <param name="Chain">Where the chain of an epoch breaks; null when something else is wrong.</param>
public sealed record LedgerExportFault(long Line, StatementFaultKind Kind, string Message, ChainFault? Chain = null);

using Agent.Evidence.Statements;
using Agent.Ledger;

namespace Agent.Delivery;

/// <summary>One line of answers that were carried here by hand, held against the ledger.</summary>
/// <param name="Line">Which line of the file, from 1.</param>
/// <param name="Kind">What it is to this ledger.</param>
/// <param name="Words">For a person, when it is no receipt that can be taken: one sentence without line breaks.</param>
/// <param name="Jws">The receipt as it came, when there is one.</param>
/// <param name="Receipt">What it says, when it holds.</param>
/// <param name="Statement">What it is for, when the ledger holds that.</param>
sealed record CarriedAnswer(int Line, CarriedKind Kind, string? Words = null, string? Jws = null, Receipt? Receipt = null, PendingStatement? Statement = null);

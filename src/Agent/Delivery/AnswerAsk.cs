using Agent.Evidence.Statements;

namespace Agent.Delivery;

/// <summary>Does what the audit server asked for in a receipt. A failure of the world is an answer, or silence; it never throws for one.</summary>
/// <param name="ask">What is asked; kinds it has nothing to do with are passed over.</param>
/// <param name="cancel">Ends the work, not the duty: the audit server asks again.</param>
/// <returns>When it is done or given up.</returns>
delegate Task AnswerAsk(Ask ask, CancellationToken cancel);

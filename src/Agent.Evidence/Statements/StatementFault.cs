using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>The first thing that does not hold in a statement.</summary>
/// <param name="Kind">What does not hold.</param>
/// <param name="Message">One plain sentence for a person.</param>
/// <param name="Chain">Where the chain breaks, for <see cref="StatementFaultKind.BrokenChain"/>; otherwise null.</param>
public sealed record StatementFault(StatementFaultKind Kind, string Message, ChainFault? Chain = null)
{
    internal static StatementFault Of(JwsCheck check) => new(
        check.Fault switch
        {
            JwsFault.WrongAlgorithm => StatementFaultKind.WrongAlgorithm,
            JwsFault.WrongType => StatementFaultKind.WrongType,
            JwsFault.UnknownKey => StatementFaultKind.UnknownKey,
            JwsFault.BadSignature => StatementFaultKind.BadSignature,
            _ => StatementFaultKind.Malformed,
        },
        check.Message);
}

using Agent.Evidence.Statements;

namespace Agent.Delivery;

/// <summary>What became of an enrolment. Either the answer or the reason is set.</summary>
/// <param name="Answer">The audit server's answer; its proof holds and it is for this agent.</param>
/// <param name="Bytes">The answer as it came.</param>
/// <param name="Reason">Why the agent was not enrolled: one plain sentence.</param>
sealed record EnrolmentReply(EnrolmentAnswer? Answer, ReadOnlyMemory<byte> Bytes, string? Reason)
{
    public static EnrolmentReply Refused(string reason) => new(null, default, reason);
}

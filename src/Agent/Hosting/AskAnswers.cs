using Agent.Auditing;
using Agent.Delivery;
using Agent.Evidence.Statements;
using Agent.Rounds;
using Microsoft.Extensions.Logging;

namespace Agent.Hosting;

/// <summary>Brings what the audit server asks to whoever can do it.</summary>
internal sealed class AskAnswers(HeartbeatDue due, Assignments assignments, ChallengeRound challenge, ILogger<AskAnswers> log)
{
    /// <inheritdoc cref="AnswerAsk"/>
    public async Task AnswerAsync(Ask ask, CancellationToken cancel)
    {
        switch (ask)
        {
            case NextAsk next:
                due.Ask(next);
                break;
            case AssignAsk assign:
                assignments.Take(assign);
                log.LogInformation("The authority asks {Days} days of camera {Camera:l}", assign.RequiredDays, assign.Camera);
                break;
            case ChallengeAsk bytes:
                await challenge.AnswerAsync(bytes, cancel);
                break;
        }
    }
}

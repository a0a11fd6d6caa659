using Microsoft.Extensions.Logging;

namespace Agent.Delivery;

/// <summary>
/// Tells the status log what became of a round of sending. That the audit server knows this agent no longer, or not yet, is told once an
/// hour in plain words: it lasts until a person does something, and measuring goes on meanwhile.
/// </summary>
sealed class DeliveryWords(ILogger log, TimeProvider time)
{
    static readonly TimeSpan Reminder = TimeSpan.FromHours(1);

    (string Code, long At)? _told;

    public void Tell(DeliveryReport report)
    {
        if (PlainWordsFor(report.LastFailure) is { } words)
            Remind(report, words);
        else
            _told = null;

        if (report.SetAside > 0)
            log.LogWarning("The audit server refused {SetAside} statement(s) for good ({LastFailure}); they are kept and marked", report.SetAside, report.LastFailure);
        else if (report.LastFailure is not null && _told is null)
            log.LogWarning("{Pending} statement(s) wait for the audit server: {LastFailure}", report.Pending, report.LastFailure);
        else if (report.LastFailure is null)
            log.LogInformation("{Receipted} statement(s) receipted by the audit server", report.Receipted);
    }

    void Remind(DeliveryReport report, string words)
    {
        if (_told is { } told && told.Code == report.LastFailure && time.GetElapsedTime(told.At) < Reminder)
            return;

        _told = (report.LastFailure!, time.GetTimestamp());
        log.LogWarning("{Words} Measuring goes on, and {Pending} statement(s) wait for the audit server ({LastFailure})", words, report.Pending, report.LastFailure);
    }

    static string? PlainWordsFor(string? failure) => failure switch
    {
        "RevokedKey" => "The audit server has revoked this agent's key. Ask the authority; with a new code, run 'retention-agent key rotate' and 'retention-agent enrol'.",
        "UnknownKey" => "The audit server does not know this agent yet. Enrol it with 'retention-agent enrol', or have its key pinned.",
        Outbox.NotEnrolled => "This agent is not enrolled: no key of the audit server is known. Run 'retention-agent enrol' with the code from the authority.",
        _ => null,
    };
}

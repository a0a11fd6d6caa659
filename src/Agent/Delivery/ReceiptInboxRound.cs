using Agent.Evidence.Statements;
using Agent.Ledger;
using Microsoft.Extensions.Logging;

namespace Agent.Delivery;

/// <summary>
/// Takes receipts that were carried here: each frees its statement and becomes a ledger entry, as if it had come over the line, and what
/// it asks is done afterwards.
/// </summary>
sealed class ReceiptInboxRound(string directory, LedgerStore ledger, ReceiptKeys keys, AnswerAsk? answer, ILogger<ReceiptInboxRound> log)
{
    /// <exception cref="LedgerWriteException">The ledger cannot be written; what waits is taken later.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var file in ReceiptInbox.Waiting(directory))
        {
            var asks = Take(file, cancel);
            if (answer is not null)
                foreach (var ask in asks)
                    await answer(ask, cancel);
            // Only now: an end before this asks again, and an answer given twice does no harm.
            File.Delete(file);
        }
    }

    List<Ask> Take(string file, CancellationToken cancel)
    {
        var asks = new List<Ask>();
        int taken = 0, unsound = 0;
        foreach (var line in new CarriedAnswers(ledger.Read, keys).Read(Content(file)))
        {
            cancel.ThrowIfCancellationRequested();
            switch (line.Kind)
            {
                case CarriedKind.Fresh:
                    ledger.Acknowledge(line.Statement!, line.Jws!);
                    taken++;
                    break;
                case CarriedKind.SetBack:
                    StandingReceipt.TakeUp(ledger, keys, line.Jws!);
                    break;
                case CarriedKind.Known:
                    break;
                default:
                    unsound++;
                    break;
            }

            if (line.Kind is CarriedKind.Fresh or CarriedKind.Known)
                asks.AddRange(line.Receipt!.Asks);
        }

        log.LogInformation("{Taken} statement(s) receipted by what was carried here; {Unsound} line(s) could not be believed", taken, unsound);
        return asks;
    }

    // Whoever left it kept to the limit. What is larger comes from elsewhere and says nothing.
    static byte[] Content(string file) => new FileInfo(file).Length <= CarriedAnswers.MaxBytes ? File.ReadAllBytes(file) : [];
}

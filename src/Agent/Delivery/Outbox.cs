using System.Text;
using Agent.Evidence.Statements;
using Agent.Ledger;

namespace Agent.Delivery;

/// <summary>
/// Brings every statement to the audit server: oldest first, one at a time, for as long as it takes. A statement is free only when a
/// receipt for exactly its bytes, signed with a pinned key, is in the ledger. The rows themselves are the ledger's.
/// </summary>
/// <param name="attest">Makes an attestation, which goes first after a silence. Null for none.</param>
/// <param name="answer">Does what receipts ask for beyond attesting. Null for nothing.</param>
/// <param name="isMeasuring">Whether recorders are looked at just now, which goes before sending. Null when nobody says.</param>
sealed class Outbox(
    LedgerStore ledger, UpstreamClient upstream, ReceiptKeys receiptKeys, TimeProvider time, Attest? attest = null, AnswerAsk? answer = null, Func<bool>? isMeasuring = null) : IDisposable
{
    /// <summary>Why nothing is sent while no key of the audit server is known.</summary>
    public const string NotEnrolled = "NotEnrolled";

    /// <summary>A turn of sending takes no statement up after this, so that one that goes on can be told from one that hangs.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(5);

    // Ticks come every five minutes, so that after this the audit server has begun to wonder.
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    // Before each statement while recorders are looked at. Enough that a round hardly notices, and a month still leaves in a quarter of an hour
    // beside a first round that takes as long.
    static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(100);

    readonly SemaphoreSlim _turn = new(1);

    // Used only under _turn.
    readonly FirstRefusals _refusals = new(time);

    // When the audit server last took something, on the monotonic clock. Used only under _turn; nothing is lost with it.
    long? _heard;

    /// <summary>Sends what is pending until nothing is, until the audit server cannot take more now, or until the turn is over.</summary>
    /// <exception cref="LedgerWriteException">What the server said could not be kept. It will be asked again.</exception>
    public async Task<DeliveryReport> DrainAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await DrainInTurnAsync(cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    async Task<DeliveryReport> DrainInTurnAsync(CancellationToken cancel)
    {
        if (!receiptKeys.Any)
            return new DeliveryReport(time.GetUtcNow(), Sent: 0, Receipted: 0, SetAside: 0, ledger.Read.Counts.Pending, NotEnrolled);

        // Also the attestation that would go first, and a verdict that changed: whoever asked for a rest may be restoring its database.
        int sent = 0, receipted = 0, setAside = 0;
        string? failure = null;
        var stopped = upstream.IsResting;
        var began = time.GetTimestamp();
        var at = 0L;
        while (!stopped && time.GetElapsedTime(began) < LongestTurn && ledger.Read.NextPending(at, _refusals.IsRecent) is { } statement)
        {
            at = statement.Position;
            if (isMeasuring?.Invoke() == true)
                await Task.Delay(Courtesy, time, cancel);
            var (outcome, code) = await DeliverAsync(statement, cancel);
            sent++;
            failure = code ?? failure;
            switch (outcome)
            {
                case UpstreamOutcome.Answered:
                    _refusals.Forget(at);
                    receipted++;
                    break;
                case UpstreamOutcome.Refused when _refusals.IsSaidAgain(at, code!):
                    ledger.SetAside(statement, code!);
                    _refusals.Forget(at);
                    setAside++;
                    break;
                case UpstreamOutcome.Refused:
                    // It waits to be asked about again, and holds up nothing meanwhile.
                    ledger.NoteFailure(statement, code!);
                    break;
                default:
                    ledger.NoteFailure(statement, code!);
                    stopped = true;
                    break;
            }
        }

        return new DeliveryReport(time.GetUtcNow(), sent, receipted, setAside, ledger.Read.Counts.Pending, failure);
    }

    async Task<(UpstreamOutcome Outcome, string? Code)> DeliverAsync(PendingStatement statement, CancellationToken cancel)
    {
        if (await BreakSilenceAsync(cancel) is { } unheard)
            return (UpstreamOutcome.Failed, unheard);

        var reply = await upstream.SendAsync(RequestFor(statement), cancel);
        if (reply.Outcome == UpstreamOutcome.Refused && reply.Standing is { } standing)
            StandingReceipt.TakeUp(ledger, receiptKeys, standing);
        if (reply.Outcome != UpstreamOutcome.Answered)
            return (OutcomeOf(reply, statement), reply.Code);

        // A receipt that does not hold proves nothing, not even that the statement arrived: it stays, and a person may look.
        var check = StatementVerifier.VerifyReceipt(reply.Receipt!, receiptKeys.Find, statement.Bytes);
        if (check.Receipt is not { } receipt)
            return (UpstreamOutcome.NotNow, $"Receipt{check.Fault!.Kind}");

        ledger.Acknowledge(statement, reply.Receipt!);
        _heard = time.GetTimestamp();
        foreach (var ask in receipt.Asks)
            await AnswerAsync(ask, cancel);
        return (UpstreamOutcome.Answered, null);
    }

    // After a silence the audit server first hears where the agent stands now; what happened meanwhile comes after it, in order.
    // Only a line that is dead ends the round here: a server that will not have attestations may well take statements.
    async Task<string?> BreakSilenceAsync(CancellationToken cancel)
    {
        if (attest is null || (_heard is { } heard && time.GetElapsedTime(heard) <= Silence))
            return null;

        var reply = await upstream.AttestAsync(() => attest(null), cancel);
        if (reply.Outcome == UpstreamOutcome.Failed)
            return reply.Code;

        _heard = time.GetTimestamp();
        return null;
    }

    async Task AnswerAsync(Ask ask, CancellationToken cancel)
    {
        if (ask is AttestAsk { Nonce: var nonce } && attest is not null)
            await upstream.AttestAsync(() => attest(nonce), cancel);
        else if (answer is not null)
            await answer(ask, cancel);
    }

    // A key that is believed no longer is a matter for people, and its statements wait. What the agent signed with a key it has since
    // changed cannot become believed again, and must not hold up what came after.
    UpstreamOutcome OutcomeOf(UpstreamReply reply, PendingStatement statement) =>
        reply.Outcome == UpstreamOutcome.KeyRefused && !ledger.IsSignedWithCurrentKey(statement) ? UpstreamOutcome.Refused : reply.Outcome;

    HeartbeatRequest RequestFor(PendingStatement statement) => new(
        statement.Jws,
        [.. ledger.Read.EntriesBetween(statement.Epoch, statement.After, statement.Seq).Select(bytes => Encoding.UTF8.GetString(bytes.Span))]);
}

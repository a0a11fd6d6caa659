using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Ledger;
using Agent.Probing.Files;
using Agent.Recorders;
using Microsoft.Extensions.Logging;

namespace Agent.Auditing;

/// <summary>
/// Answers the audit server's question for bytes. The segment is looked for by camera, time and size, so that one that was moved or
/// touched is found; what was replaced or cut gives another digest or is not found. Every question enters the access register.
/// </summary>
/// <param name="read">Reads a recorder so that one that hangs holds up no other, and no other question.</param>
internal sealed class ChallengeRound(
    ChallengeOptions options, IReadOnlyList<Recorder> recorders, CameraLabels labels, LedgerStore ledger, AccessRegister register, SampleReader reader,
    ReadRecorder read, TimeProvider time, ILogger<ChallengeRound> log) : IDisposable
{
    readonly SemaphoreSlim _turn = new(1);

    // How often a camera was asked for today. Used only under _turn.
    readonly Dictionary<string, int> _answered = new(StringComparer.Ordinal);
    DateOnly _today;

    /// <summary>Answers into the ledger; the answer travels with the next statement.</summary>
    /// <exception cref="LedgerWriteException">The ledger cannot be written.</exception>
    public async Task AnswerAsync(ChallengeAsk ask, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            register.Enter("audit-server", "challenge");
            var (result, digest) = IsWithinBudget(ask.Sample.Camera) ? await LookAsync(ask.Sample, cancel) : (ChallengeResult.Unverifiable, null);
            ledger.Append(EntryTypes.Challenge, ChallengeAnswerCodec.Encode(new ChallengeAnswer(ask.Id, ask.Epoch, ask.Seq, result, digest)));
            log.LogInformation("The audit server asked for bytes of camera {Camera:l}: {Result}", ask.Sample.Camera, result);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    async Task<(ChallengeResult Result, string? Digest)> LookAsync(SegmentSample sample, CancellationToken cancel)
    {
        var unseen = false;
        var candidates = new List<(bool Own, ListedSegment Segment, Recorder Recorder)>();
        foreach (var recorder in recorders)
        {
            if (!recorder.HasFolder)
            {
                unseen = true;
                continue;
            }

            var (known, hidden) = (false, false);
            var sameSize = await read(recorder, (by, beat, give) =>
            {
                var list = SegmentListing.Of(by, segment =>
                {
                    beat();
                    known |= IsOf(recorder, segment, sample);
                    return segment.Size == sample.Size;
                }, give, out var unreadable);
                hidden = unreadable;
                return list;
            }, cancel);
            unseen |= hidden || sameSize is null;
            if (recorder.Reencodes && known)
                return (ChallengeResult.Unverifiable, null);
            candidates.AddRange((sameSize ?? []).Select(segment => (IsOf(recorder, segment, sample), segment, recorder)));
        }

        // The time decides between files of one size, as recorders that preallocate have them.
        var found = candidates.OrderByDescending(candidate => candidate.Own)
            .ThenBy(candidate => (candidate.Segment.Start - sample.Range.From).Duration()).ToList();
        if (found.Count > 0 && await DigestAsync(found[0].Recorder, found[0].Segment, sample, cancel) is { } digest)
            return (ChallengeResult.Answered, digest);
        return (unseen || found.Count > 0 ? ChallengeResult.Unverifiable : ChallengeResult.NotFound, null);
    }

    bool IsOf(Recorder recorder, ListedSegment segment, SegmentSample sample) => labels.CodeOf(recorder.Id, segment.Camera) == sample.Camera;

    async Task<string?> DigestAsync(Recorder recorder, ListedSegment segment, SegmentSample sample, CancellationToken cancel)
    {
        string? digest = null;
        await read(recorder, (_, beat, give) =>
        {
            digest = Digest(segment, sample, beat, give);
            return [];
        }, cancel);
        return digest;
    }

    // Its pauses are spent on the thread that reads, which has nothing else to do.
    string? Digest(ListedSegment segment, SegmentSample sample, Action beat, CancellationToken cancel)
    {
        try
        {
            return reader.DigestAsync(segment.Path, sample, cancel, beat).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    bool IsWithinBudget(string camera)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (today != _today)
            _answered.Clear();
        _today = today;
        return (_answered[camera] = _answered.GetValueOrDefault(camera) + 1) <= options.AnswersPerCameraDay;
    }
}

using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Ledger;
using Agent.Probing.Files;
using Agent.Probing.Files.Containers;
using Agent.Recorders;
using Microsoft.Extensions.Logging;

namespace Agent.Auditing;

/// <summary>
/// Commits to samples of segments that are closed: chosen at one look, and committed to at the next if nothing about them changed.
/// What was chosen is forgotten with the commitment; only the audit server can open it.
/// </summary>
/// <param name="read">Reads a recorder so that one that hangs holds up no other.</param>
/// <param name="sealTo">The audit server's encryption key; null when none is known, and then nothing is committed to.</param>
internal sealed class CommitmentRound(
    ChallengeOptions options, IReadOnlyList<Recorder> recorders, CameraLabels labels, LedgerStore ledger, SampleReader reader, Func<EncryptionJwk?> sealTo,
    ReadRecorder read, TimeProvider time, ILogger<CommitmentRound> log)
{
    // A segment of yesterday is chosen as likely as one of an hour ago.
    static readonly TimeSpan Window = TimeSpan.FromDays(1);

    // Used by one job that never runs twice at a time.
    readonly Dictionary<(string Recorder, string Path), ListedSegment> _chosen = [];
    readonly Dictionary<(string Code, DateOnly Day), int> _committed = [];

    /// <summary>Looks at every recorder once: commits to what was chosen before and is the same, and chooses anew.</summary>
    /// <returns>How many commitments were made.</returns>
    /// <exception cref="LedgerWriteException">The ledger cannot be written.</exception>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (options.SamplesPerCameraDay == 0 || sealTo() is not { } key)
            return 0;

        var made = 0;
        foreach (var recorder in recorders.Where(recorder => !recorder.Reencodes))
        {
            // Whether it answers at all comes first: where it does not, nothing else is asked of it.
            if (await read(recorder, (_, _, _) => [], cancel) is null)
                continue;
            made += await CommitAsync(recorder, key, cancel);
            foreach (var segment in await read(recorder, Choose, cancel) ?? [])
                _chosen[(recorder.Id, segment.Path)] = segment;
        }

        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        foreach (var old in _committed.Keys.Where(place => place.Day < today).ToList())
            _committed.Remove(old);
        return made;
    }

    async Task<int> CommitAsync(Recorder recorder, EncryptionJwk key, CancellationToken cancel)
    {
        var made = 0;
        foreach (var (place, then) in _chosen.Where(pair => pair.Key.Recorder == recorder.Id).ToList())
        {
            _chosen.Remove(place);
            var info = new FileInfo(then.Path);
            if (!info.Exists || info.Length != then.Size || info.LastWriteTimeUtc != then.LastWritten.UtcDateTime)
                continue;
            if (await MakeAsync(recorder, then, key, cancel))
                made++;
        }

        return made;
    }

    async Task<bool> MakeAsync(Recorder recorder, ListedSegment segment, EncryptionJwk key, CancellationToken cancel)
    {
        try
        {
            var look = SegmentReader.Look(segment.Path, cancel);
            if (look.Failure is not null || look.Container.State != ContainerState.Whole || look.Length != segment.Size || look.Container.Duration < TimeSpan.FromMilliseconds(1))
                return false;

            var code = labels.CodeOf(recorder.Id, segment.Camera);
            var sample = SampleChoice.Of(code, new TimeRange(segment.Start, segment.Start + look.Container.Duration), segment.Size);
            if (await reader.DigestAsync(segment.Path, sample, cancel) is not { } digest)
                return false;

            ledger.Append(EntryTypes.Commitment, CommitmentCodec.EncodeBody(code, CommitmentSeal.Seal(new Commitment(sample, digest), key)));
            var day = (code, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
            _committed[day] = _committed.GetValueOrDefault(day) + 1;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogInformation("A segment of {Recorder:l} was not committed to: {Reason:l}", recorder.Id, e.GetType().Name);
            return false;
        }
    }

    // Each camera keeps so many of the segments it is shown, every one with the same chance (reservoir sampling): one pass, whatever the tree.
    List<ListedSegment> Choose(Recorder recorder, Action beat, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var kept = new Dictionary<string, List<ListedSegment>>(StringComparer.Ordinal);
        SegmentListing.Of(recorder, segment =>
        {
            beat();
            if (segment.Size > 0 && segment.Start <= now && now - segment.Start <= Window && segment.LastWritten <= now)
                Offer(recorder, segment, seen, kept, now);
            return false;
        }, cancel, out _);
        return [.. kept.Values.SelectMany(list => list)];
    }

    void Offer(Recorder recorder, ListedSegment segment, Dictionary<string, int> seen, Dictionary<string, List<ListedSegment>> kept, DateTimeOffset now)
    {
        var today = (labels.CodeOf(recorder.Id, segment.Camera), DateOnly.FromDateTime(now.UtcDateTime));
        var room = options.SamplesPerCameraDay - _committed.GetValueOrDefault(today);
        if (room <= 0)
            return;

        if (!kept.TryGetValue(segment.Camera, out var list))
            kept[segment.Camera] = list = [];
        var count = seen[segment.Camera] = seen.GetValueOrDefault(segment.Camera) + 1;
        if (list.Count < room)
            list.Add(segment);
        else if (System.Security.Cryptography.RandomNumberGenerator.GetInt32(count) is var place && place < room)
            list[place] = segment;
    }
}

using System.Collections.Concurrent;
using Agent.Evidence.Timelines;
using Agent.Probing.Files;
using Agent.Probing.Rtsp;
using Agent.Recorders;

namespace Agent.Probing.Onvif;

/// <summary>
/// Asks a recorder over ONVIF what it has recorded (Profile G). It tells what the recorder says: listed or claimed, never measured. What
/// was not answered is unknown.
/// </summary>
internal sealed class ProfileGProbe(OnvifTransport transport, Func<string, RecorderLogin?> loginOf, OnvifOptions options, TimeProvider time) : IRecorderProbe
{
    public const string Layout = "onvif";

    const int ProblemsTold = 50;

    // More than any policy asks for.
    static readonly TimeSpan Searched = TimeSpan.FromDays(400);

    // A recorder's way in, and the form of questions it takes, are learnt once.
    readonly ConcurrentDictionary<(string Id, Uri Address), SoapClient> _clients = new();

    public async Task<ProbeOutcome> LookAsync(Recorder recorder, DateTimeOffset? asOf, IProgress<ProbeProgress>? progress, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var lookedAt = asOf < now ? asOf.Value : now;
        var address = recorder.Address ?? throw new ArgumentException("It has no address.", nameof(recorder));
        var client = _clients.GetOrAdd((recorder.Id, address), key => new SoapClient(transport, new RecorderAddress(key.Address), loginOf(key.Id), options, time));
        using var patience = new CancellationTokenSource(options.LooksWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            return await LookAsync(recorder, client, lookedAt, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Failed(recorder, lookedAt, TooSlow());
        }
    }

    async Task<ProbeOutcome> LookAsync(Recorder recorder, SoapClient client, DateTimeOffset lookedAt, CancellationToken deadline)
    {
        var (offsets, failure) = await OnvifClock.ReadAsync(client, time, deadline);
        if (offsets is null)
            return Failed(recorder, lookedAt, failure!);
        (client.ClockOffset, client.OtherClockOffset) = (offsets.Stated, offsets.Otherwise);
        (var services, failure) = await OnvifServices.ReadAsync(client, deadline);
        if (services is null)
            return Failed(recorder, lookedAt, failure!);
        if (services.Search is null)
            return Failed(recorder, lookedAt, new SoapFailure(ProblemCode.NoRecordingSearch, "it has no search service: what it has recorded cannot be asked over ONVIF"));
        (var recordings, failure) = await RecordingList.ReadAsync(client, services, options, time, deadline);
        if (failure is not null)
            return Failed(recorder, lookedAt, failure);

        if (offsets.OfFootage(time.GetUtcNow(), recordings.Max(r => r.Latest), recordings.Where(r => !r.IsStopped).Max(r => r.Latest)) is not { } clock)
            return Failed(recorder, lookedAt, new SoapFailure(ProblemCode.ClockUnclear, "it tells the same time as UTC and as local time, and nothing shows which of the two its footage is told in"));
        if (offsets.Jumps(clock))
            return Failed(recorder, lookedAt, new SoapFailure(ProblemCode.ClockUnclear, "its footage is told in local time of a zone that changes its clocks, so that some of it may be told an hour off"));

        var problems = new ProblemList(recorder.Id, ProblemsTold);
        var asked = new TimeRange(lookedAt - Searched, lookedAt).Shift(clock);
        var named = CameraNaming.Cameras(recordings, recorder.Cameras);
        // So much of the time may be spent on one camera that has to be asked often.
        var share = options.LooksWithin / Math.Max(4, named.Count);
        using var replay = new ReplayCheck(new RtspAccess { Login = loginOf(recorder.Id), Patience = options.AnswersWithin, Deadline = share }, time);
        var history = new RecordingHistory(
            new EventSearch(client, services.Search, options, time), new MediaWalk(client, services.Search, share, time),
            services.Replay is { } path ? new ReplayHistory(new ReplayAddresses(client, path, recorder.RtspPort, recordings), replay, share, time) : null);
        var cameras = new List<CameraFootage>();
        foreach (var (camera, stored) in named)
        {
            var seen = await SeenAsync(history, camera, stored, asked, problems, deadline);
            cameras.Add(Footage(recorder.Id, camera, stored, seen, asked, clock, lookedAt, problems));
        }

        if (cameras.Count == 0)
            problems.Add(null, ProblemCode.NoFootage, "it lists no recording with pictures");
        return new ProbeOutcome { Recorder = recorder.Id, LookedAt = lookedAt, Cameras = cameras, Problems = problems.All, Failed = cameras.Count == 0 };
    }

    /// <summary>What is known of one camera. The time given to the look may end in the middle: then it and all that follow are unknown, and the ones before stand.</summary>
    static async Task<TrackHistory> SeenAsync(
        RecordingHistory history, string camera, List<StoredRecording> stored, TimeRange asked, ProblemList problems, CancellationToken deadline)
    {
        var parts = new List<TrackHistory>();
        foreach (var recording in stored)
        {
            SoapFailure? failure;
            try
            {
                deadline.ThrowIfCancellationRequested();
                (var part, failure) = await history.OfAsync(recording, asked, deadline);
                parts.Add(part);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested)
            {
                parts.Add(TrackHistory.Unknown(asked));
                failure = TooSlow();
            }

            if (failure is not null)
                problems.Add(camera, failure.Code, failure.Words);
        }

        return TrackHistory.Union(parts);
    }

    static CameraFootage Footage(
        string recorder, string camera, List<StoredRecording> stored, TrackHistory seen, TimeRange asked, TimeSpan clock, DateTimeOffset lookedAt, ProblemList problems)
    {
        var claim = RecordingClaim.Of(stored, asked);
        var isClaimed = claim is not null && seen.Recorded.Count == 0 && seen.Unseen.Length == asked.Length;
        if (isClaimed)
            problems.Add(camera, ProblemCode.OnlyClaimed, "it states its oldest and its newest footage and nothing between");
        var listed = new Observation
        {
            Recorder = recorder, Camera = camera, Basis = Basis.Listed, Looked = asked, Recorded = seen.Recorded, Unseen = seen.Unseen, ClockOffset = clock, LookedAt = lookedAt,
        };
        var claimed = claim is { } bounds ? listed with { Basis = Basis.Claimed, Recorded = RangeSet.Of([bounds]), Unseen = RangeSet.Empty } : null;
        return new CameraFootage
        {
            Observation = isClaimed ? claimed! : listed,
            // Outside the bounds that the recorder itself states it has nothing: that counts where nothing better is known.
            Listed = !isClaimed && claimed is not null && RecordingClaim.AddsTo(seen, claimed.Recorded) ? [claimed] : [],
            Settled = seen.Recorded.Clip(new TimeRange(asked.From, asked.To - SegmentPlausibility.ClockSlack)),
            Layout = Layout,
            // Built from the specification and from answers of other people's programs; not yet held against what a real recorder lists.
            Proven = false,
            Segments = isClaimed ? stored.Count : seen.Pieces,
            Bytes = 0,
            UsualSegment = TimeSpan.Zero,
        };
    }

    static SoapFailure TooSlow() => new(ProblemCode.RecorderTimedOut, "the time given to one look was over before it had told everything");

    static ProbeOutcome Failed(Recorder recorder, DateTimeOffset lookedAt, SoapFailure failure) => new()
    {
        Recorder = recorder.Id,
        LookedAt = lookedAt,
        Problems = [new ProbeProblem(recorder.Id, null, failure.Code, failure.Words)],
        Failed = true,
    };
}

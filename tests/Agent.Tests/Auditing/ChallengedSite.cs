using System.Security.Cryptography;
using Agent.Auditing;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Agent.Probing.Files;
using Agent.Recorders;
using Agent.Tests.Ledger;
using Agent.Tests.Probing.Files;
using Jose;
using Microsoft.Extensions.Logging.Abstractions;

namespace Agent.Tests.Auditing;

/// <summary>
/// A site of one recorder with real recordings, an agent that commits to them, and an audit server's key to open what it sealed. The
/// day is 23 November 2026; a clip lasts ten seconds.
/// </summary>
sealed class ChallengedSite : IDisposable
{
    public const string Camera = "front";

    readonly LedgerFixture _ledger = new();
    readonly ECDiffieHellman _server = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    readonly CameraLabels _labels;
    readonly IReadOnlyList<Recorder> _recorders;
    readonly SampleReader _reader;

    public ChallengedSite(ChallengeOptions? options = null, bool reencodes = false)
    {
        Directory.CreateDirectory(Root);
        Options = options ?? new ChallengeOptions { BytesPerSecond = 1 << 30 };
        _recorders = [new Recorder("r", Root, "auto", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>(), reencodes)];
        _labels = new CameraLabels(CameraCodes.Open(_ledger.Folder.Path), _recorders);
        _reader = new SampleReader(Options, TimeProvider.System);
        Commitments = new CommitmentRound(
            Options, _recorders, _labels, _ledger.Ledger, _reader, () => SealTo, ReadAsync, _ledger.Time, NullLogger<CommitmentRound>.Instance);
        Challenges = new ChallengeRound(
            Options, _recorders, _labels, _ledger.Ledger, new AccessRegister(_ledger.Ledger, _ledger.Time), _reader, ReadAsync, _ledger.Time, NullLogger<ChallengeRound>.Instance);
        SealTo = EncryptionJwk.FromKey(_server);
    }

    public ChallengeOptions Options { get; }

    public CommitmentRound Commitments { get; }

    public ChallengeRound Challenges { get; }

    /// <summary>The disk under the recorder does not answer any more, after so many answers.</summary>
    public int? AnswersLeft { get; set; }

    public EncryptionJwk? SealTo { get; set; }

    public string Code => _labels.CodeOf("r", Camera);

    public string Root => Path.Combine(_ledger.Folder.Path, "recordings");

    /// <summary>A real recording large enough for three parts.</summary>
    public static string Clip => SyntheticFootage.Make("challenged.mp4",
        "-f", "lavfi", "-i", "testsrc2=size=640x480:rate=10:duration=10", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "10", "-threads", "1", "-pix_fmt", "yuv420p", "-movflags", "+faststart");

    /// <summary>Puts the clip where Frigate would, begun at so many minutes and seconds past nine.</summary>
    public string Put(int minute = 0, int second = 0, string camera = Camera, string? source = null)
    {
        var path = Path.Combine(Root, "2026-11-23", "09", camera, $"{minute:00}.{second:00}.mp4");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(source ?? Clip, path);
        File.SetLastWriteTimeUtc(path, FootageTree.At($"09:{minute:00}:{second:00}").AddSeconds(10).UtcDateTime);
        return path;
    }

    /// <summary>What was committed to so far, opened as the audit server would.</summary>
    public List<(long Seq, Commitment Commitment)> Committed() =>
    [
        .. Entries(EntryTypes.Commitment).Select(entry =>
        {
            var (_, jwe) = CommitmentCodec.DecodeBody(entry.Body);
            return (entry.Seq, CommitmentCodec.Decode(JWE.Decrypt(jwe, _server, JweAlgorithm.ECDH_ES, JweEncryption.A256GCM).PlaintextBytes));
        }),
    ];

    /// <summary>Two looks: the first chooses, the second commits.</summary>
    public async Task<Commitment> CommitAsync()
    {
        await Commitments.RunAsync(CancellationToken.None);
        await Commitments.RunAsync(CancellationToken.None);
        return Committed()[0].Commitment;
    }

    public async Task<ChallengeAnswer> AskAsync(SegmentSample sample)
    {
        await Challenges.AnswerAsync(new ChallengeAsk($"c-{Entries(EntryTypes.Challenge).Count + 1}", _ledger.Ledger.Read.Head.Epoch, 1, sample), CancellationToken.None);
        return ChallengeAnswerCodec.Decode(Entries(EntryTypes.Challenge)[^1].Body);
    }

    Task<List<ListedSegment>?> ReadAsync(Recorder recorder, Func<Recorder, Action, CancellationToken, List<ListedSegment>> list, CancellationToken cancel) =>
        Task.FromResult(AnswersLeft-- <= 0 ? null : list(recorder, () => { }, cancel));

    public List<LedgerEntry> Entries(string type) => [.. _ledger.Entries().Where(entry => entry.Type == type)];

    public void Wait(TimeSpan time) => _ledger.Time.Advance(time);

    public void Dispose()
    {
        Challenges.Dispose();
        _server.Dispose();
        _ledger.Dispose();
    }
}

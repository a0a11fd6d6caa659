using System.Text;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

internal sealed class HeartbeatCodecTests
{
    static readonly DateTimeOffset AsOf = TestHeartbeats.AsOf;

    [Test]
    public void Everything_a_statement_can_say_survives_writing_and_reading()
    {
        var heartbeat = Full();

        var bytes = HeartbeatCodec.Encode(heartbeat);
        var read = HeartbeatCodec.Decode(bytes);

        Assert.That(HeartbeatCodec.Encode(read), Is.EqualTo(bytes));
        var (camera, before) = (read.Cameras[0], heartbeat.Cameras[0]);
        Assert.That(camera.Label.Recorders, Is.EqualTo(before.Label.Recorders));
        Assert.That(camera.Label with { Recorders = before.Label.Recorders }, Is.EqualTo(before.Label));
        Assert.That(camera.Losses, Is.EqualTo(before.Losses));
        Assert.That(camera.Commissioning, Is.EqualTo(before.Commissioning));
        Assert.That(camera.Timeline.Timeline.Spans, Is.EqualTo(before.Timeline.Timeline.Spans));
        Assert.That(camera.Claimed.Thresholds, Is.EqualTo(before.Claimed.Thresholds));
        Assert.That(camera.Claimed.Findings, Is.EqualTo(before.Claimed.Findings));
        Assert.That(HeartbeatAuditor.Audit(read, AsOf).Judged, Is.EqualTo(ServerJudgement.Agrees));
    }

    [TestCase("\"after\":3", "\"after\":-1")]
    [TestCase("\"after\":3,", "")]
    [TestCase("{\"after\"", "{\"v\":1,\"after\"")]
    [TestCase("{\"after\"", "{ \"after\"")]
    [TestCase("\"HZ-0001\"", "\"前门\"")]
    [TestCase("11:05:00.000Z", "11:05:00Z")]
    [TestCase("11:05:00.000Z", "11:05:00.001Z")]
    [TestCase("Asia/Shanghai", "Asia Shanghai")]
    [TestCase("\"receipt\":\"a", "\"receipt\":\"A")]
    [TestCase("\"software\":{", "\"software\":{\"host\":\"nvr\",")]
    [TestCase("c-0a1b2c3d4e", "nvr.example")]
    [TestCase("c-0a1b2c3d4e", "front_door")]
    [TestCase("c-0a1b2c3d4e", "")]
    [TestCase("[\"r-5f60718293\"]", "[\"192.168.1.2\"]")]
    [TestCase("[\"r-5f60718293\"]", "\"r-5f60718293\"")]
    [TestCase("\"video\"", "\"Video\"")]
    [TestCase("\"strongest\":\"measured\"", "\"strongest\":\"claimed\"")]
    [TestCase("\"strongest\":\"measured\"", "\"strongest\":null")]
    [TestCase("\"proven\":true", "\"proven\":1")]
    [TestCase("\"requiredDays\":15", "\"requiredDays\":0")]
    [TestCase("\"requiredDays\":15", "\"requiredDays\":60")]
    [TestCase("\"declared\"", "\"granted\"")]
    [TestCase("\"dailyLossSeconds\":1800", "\"dailyLossSeconds\":1800.0")]
    [TestCase("\"dailyLossSeconds\":1800", "\"dailyLossSeconds\":18e2")]
    [TestCase("\"dailyLossSeconds\":1800", "\"dailyLossSeconds\":1800.0001")]
    [TestCase("\"dailyLossSeconds\":1800", "\"dailyLossSeconds\":-1")]
    [TestCase("\"dailyLossSeconds\":1800", "\"dailyLossSeconds\":1e30")]
    [TestCase("[7,15,30]", "[15,7,30]")]
    [TestCase("[7,15,30]", "[7,7,30]")]
    [TestCase("[7,15,30]", "[7,15,99999999999]")]
    [TestCase("\"first-seen\"", "\"FirstSeen\"")]
    [TestCase("\"fromOldestEdge\":true", "\"fromOldestEdge\":\"true\"")]
    [TestCase("\"findings\":[", "\"findings\":[{\"code\":\"Broken\",\"range\":null,\"measure\":\"1\"},")]
    [TestCase("4 s in dispute", "4 s in \\u0022dispute")]
    [TestCase("\"coverage\":0", "\"coverage\":1.5,\"x\":0")]
    [TestCase("\"coverage\":0", "\"coverage\":-0.1,\"x\":0")]
    [TestCase("\"coverage\":0", "\"coverage\":0.00001,\"x\":0")]
    [TestCase("\"coverage\":0", "\"coverage\":1e99,\"x\":0")]
    [TestCase("\"coverage\":0", "\"coverage\":\"0\",\"x\":0")]
    [TestCase("\"reasons\":[]", "\"reasons\":[7]")]
    [TestCase("\"reasons\":[]", "\"reasons\":[\"Whatever\"]")]
    [TestCase("\"reasons\":[]", "\"reasons\":[\"OverwrittenEarly\",\"ContinuityBroken\"]")]
    [TestCase("\"commissioning\":{\"from\":\"20", "\"commissioning\":{\"from\":\"21")]
    [TestCase("\"oldest\":\"2", "\"oldest\":\"3")]
    [TestCase("\"oldest\":\"2", "\"oldest\":\"x")]
    [TestCase("\"lookedAt\":\"2", "\"lookedAt\":\"1")]
    [TestCase("\"days\":7", "\"days\":8")]
    [TestCase("\"days\":7", "\"days\":15")]
    [TestCase("\"gaps\":[[", "\"gaps\":[[1795000000000,1795000000000],[")]
    [TestCase("\"gaps\":[[", "\"gaps\":[[1795000002000,1795000001000],[")]
    [TestCase("\"gaps\":[[", "\"gaps\":[[1,2],[")]
    [TestCase("\"gaps\":[[", "\"gaps\":[[1795000000000.5,1795000001000],[")]
    [TestCase("\"gaps\":[[", "\"gaps\":[[1795000000000,1795000001000,1],[")]
    [TestCase("\"gaps\":[[", "\"gaps\":[7,[")]
    [TestCase("\"notScheduled\":[[", "\"notScheduled\":[[1,2],[")]
    [TestCase("\"seconds\":5.5", "\"seconds\":9.5")]
    [TestCase("\"count\":4", "\"count\":1")]
    [TestCase("\"longestSeconds\":2", "\"longestSeconds\":5.5")]
    [TestCase("\"longestSeconds\":2", "\"longestSeconds\":1")]
    public void Anything_but_the_documented_form_is_refused(string from, string to)
    {
        var sound = Encoding.UTF8.GetString(HeartbeatCodec.Encode(Full()));
        Assert.That(sound, Does.Contain(from));
        var at = sound.IndexOf(from, StringComparison.Ordinal);

        var changed = Encoding.UTF8.GetBytes(sound[..at] + to + sound[(at + from.Length)..]);
        Assert.That(() => Refuse(changed), Throws.TypeOf<FormatException>().With.Message.StartsWith("Heartbeat body"));

        static void Refuse(byte[] body)
        {
            var heartbeat = HeartbeatCodec.Decode(body);
            // A number of days may be written well and still not be the one the policy asks for.
            if (HeartbeatAuditor.Audit(heartbeat, AsOf) is { Judged: ServerJudgement.Differs } audit)
                throw new FormatException($"Heartbeat body: {audit.Differences[0]}");
        }
    }

    // The same again by name: a fault must be found where it stands, before anything that merely follows from it.
    [TestCase("\"after\":3", "\"after\":-1", "\"after\" is not a whole number")]
    [TestCase("\"software\":{", "\"software\":{\"host\":\"nvr\",", "software: expected \"version\"")]
    [TestCase("\"version\":\"0.1.0\"", "\"version\":\"0.1.0\",\"x\":1", "software: unknown key")]
    [TestCase("c-0a1b2c3d4e", "123456789-123456789-123456789-123", "\"camera\" is not a code")]
    [TestCase("\"c-0a1b2c3d4e\"", "7", "\"camera\" is not a code")]
    [TestCase("c-0a1b2c3d4e", "", "\"camera\" is not a code")]
    [TestCase("c-0a1b2c3d4e", "c.d", "\"camera\" is not a code")]
    [TestCase("[\"r-5f60718293\"]", "[null]", "\"recorders\" is not a code")]
    [TestCase("[\"r-5f60718293\"]", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", "at most 16 recorders")]
    [TestCase("\"weakest\":\"listed\"", "\"weakest\":\"decoded\"", "\"weakest\" is not at most as strong")]
    [TestCase("\"weakest\":\"listed\"", "\"weakest\":null", "\"weakest\" is not at most as strong")]
    [TestCase("\"strongest\":\"measured\"", "\"strongest\":null", "\"weakest\" is not at most as strong")]
    [TestCase("\"proven\":true", "\"proven\":1", "\"proven\" is not true or false")]
    [TestCase("\"requiredDays\":15", "\"requiredDays\":0", "\"requiredDays\"")]
    [TestCase("\"requiredDays\":15", "\"requiredDays\":401", "\"requiredDays\"")]
    [TestCase("\"requiredDays\":15", "\"requiredDays\":32", "\"window\" is not a range that ends at asOf")]
    [TestCase("[7,15,30]", "[15,7,30]", "\"alwaysMeasured\" is not")]
    [TestCase("[7,15,30]", "[7,7,30]", "\"alwaysMeasured\" is not")]
    [TestCase("[7,15,30]", "[0,15,30]", "\"alwaysMeasured\" is not")]
    [TestCase("[7,15,30]", "[7,15,401]", "\"alwaysMeasured\" is not")]
    [TestCase("[7,15,30]", "[7,15.5,30]", "\"alwaysMeasured\" is not")]
    [TestCase("[7,15,30]", "[\"7\",15,30]", "\"alwaysMeasured\" is not")]
    [TestCase("[7,15,30]", "[1,2,3,4,5,6,7,8,9]", "at most 8 numbers of days")]
    [TestCase("\"days\":7", "\"days\":15", "\"thresholds\" is not ascending by days")]
    [TestCase("\"days\":7", "\"days\":0", "threshold: \"days\"")]
    [TestCase("\"coverage\":0.", "\"coverage\":1.", "\"coverage\" is not null or a number")]
    [TestCase("\"coverage\":0.", "\"coverage\":-0.", "\"coverage\" is not null or a number")]
    [TestCase("\"coverage\":0.", "\"coverage\":0.00001,\"x\":0.", "\"coverage\" is not null or a number")]
    [TestCase("\"coverage\":0.", "\"coverage\":\"\",\"x\":0.", "\"coverage\" is not null or a number")]
    [TestCase("\"coverage\":0.", "\"coverage\":1e99,\"x\":0.", "\"coverage\" is not null or a number")]
    [TestCase("\"reasons\":[]", "\"reasons\":[7]", "\"reasons\" is not an array of known reasons")]
    [TestCase("\"reasons\":[]", "\"reasons\":[null]", "\"reasons\" is not an array of known reasons")]
    [TestCase("\"reasons\":[]", "\"reasons\":[\"Whatever\"]", "\"reasons\" is not an array of known reasons")]
    [TestCase("\"reasons\":[]", "\"reasons\":[\"UnprovenLayout\",\"StaleLook\"]", "distinct and in the documented order")]
    [TestCase("\"reasons\":[]", "\"reasons\":[\"ContinuityBroken\",\"ContinuityBroken\"]", "distinct and in the documented order")]
    [TestCase("\"code\":\"WitnessOmits\"", "\"code\":\"Broken\"", "\"code\" is not the code of a known finding")]
    [TestCase("4 s in dispute", "", "\"measure\" is not 1 to 200")]
    [TestCase("4 s in dispute", "\u00e9", "\"measure\" is not 1 to 200")]
    [TestCase("\"measure\":\"4 s in dispute\"", "\"measure\":\"4 s in dispute\",\"x\":1", "finding: unknown key")]
    [TestCase("\"basis\":\"first-seen\"", "\"basis\":\"first-seen\",\"x\":1", "commissioning: unknown key")]
    [TestCase("\"fromOldestEdge\":true", "\"fromOldestEdge\":true,\"x\":1", "loss: unknown key")]
    [TestCase("\"count\":4", "\"count\":1", "folded gaps: \"count\"")]
    [TestCase("\"longestSeconds\":2", "\"longestSeconds\":5.5", "\"longestSeconds\" is not the longest of so many")]
    [TestCase("\"longestSeconds\":2", "\"longestSeconds\":1.374", "\"longestSeconds\" is not the longest of so many")]
    [TestCase("\"longestSeconds\":2", "\"longestSeconds\":2,\"x\":1", "folded gaps: unknown key")]
    public void What_is_wrong_with_a_body_is_named(string from, string to, string reason)
    {
        var sound = Encoding.UTF8.GetString(HeartbeatCodec.Encode(Full()));
        var at = sound.IndexOf(from, StringComparison.Ordinal);
        Assert.That(at, Is.Positive, sound);

        Assert.That(() => HeartbeatCodec.Decode(Encoding.UTF8.GetBytes(sound[..at] + to + sound[(at + from.Length)..])),
            Throws.TypeOf<FormatException>().With.Message.StartsWith("Heartbeat body").And.Message.Contains(reason));
    }

    [Test]
    public void Bounds_that_are_just_kept_are_read()
    {
        var camera = TestHeartbeats.Camera("12345678901234567890123456789012");
        var label = camera.Label with { Strongest = null, Weakest = null, Recorders = [.. Enumerable.Repeat("r", 16)] };
        var longest = new Finding(FindingCode.WitnessOmits, null, new string('x', 200));
        var bare = camera with { Label = label, Claimed = camera.Claimed with { Findings = [longest] } };

        var read = HeartbeatCodec.Decode(HeartbeatCodec.Encode(TestHeartbeats.Of(bare))).Cameras[0];

        Assert.That((read.Label.Strongest, read.Label.Weakest, read.Label.Recorders.Count, read.Claimed.Findings.Single()), Is.EqualTo(((Basis?)null, (Basis?)null, 16, longest)));
        foreach (var measure in new[] { "", new string('x', 201), "\"", "\\", "\u007f", "\u001f" })
            Assert.That(() => HeartbeatCodec.Encode(TestHeartbeats.Of(bare with { Claimed = bare.Claimed with { Findings = [longest with { Measure = measure }] } })), Throws.TypeOf<FormatException>(), measure);
    }

    [Test]
    public void A_commissioning_that_ends_before_it_begins_is_refused()
    {
        var sound = Encoding.UTF8.GetString(HeartbeatCodec.Encode(Full()));
        var began = Full().Cameras[0].Commissioning!.Within;
        string Written(DateTimeOffset time) => $"{time:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}";
        var swapped = sound.Replace($"\"from\":\"{Written(began.From)}\",\"to\":\"{Written(began.To)}\"", $"\"from\":\"{Written(began.To)}\",\"to\":\"{Written(began.From)}\"", StringComparison.Ordinal);

        Assert.That(swapped, Is.Not.EqualTo(sound));
        Assert.That(() => HeartbeatCodec.Decode(Encoding.UTF8.GetBytes(swapped)), Throws.TypeOf<FormatException>().With.Message.Contains("\"to\" is not at or after \"from\""));
    }

    [Test]
    public void More_cameras_than_fit_even_with_every_gap_folded_are_refused()
    {
        var asked = new List<int>();
        Heartbeat Many(int mostGaps)
        {
            asked.Add(mostGaps);
            return TestHeartbeats.Of([.. Enumerable.Range(0, HeartbeatCodec.MostCameras).Select(i => TestHeartbeats.Camera($"c-{i}", mostGaps))]);
        }

        Assert.That(() => HeartbeatCodec.EncodeToFit(Many), Throws.TypeOf<FormatException>().With.Message.Contains($"{HeartbeatCodec.MaxBytes}"));
        Assert.That(asked, Is.EqualTo(new[] { 500, 166, 55, 18, 6, 2, 0 }));
    }

    [Test]
    public void Ranges_that_overlap_touch_or_leave_the_window_are_refused()
    {
        var heartbeat = TestHeartbeats.Of(TestHeartbeats.Camera(gaps: [(7200, 7100), (3600, 3500)]));
        var (a, b) = (heartbeat.Cameras[0].Timeline.Gaps[0], heartbeat.Cameras[0].Timeline.Gaps[1]);
        var sound = Encoding.UTF8.GetString(HeartbeatCodec.Encode(heartbeat));

        foreach (var (gaps, unknown) in new[]
        {
            ($"[{Pair(b)},{Pair(a)}]", "[]"),
            ($"[{Pair(a)},{Pair(a)}]", "[]"),
            ($"[{Pair(a)},{Pair(new TimeRange(a.To, b.From))}]", "[]"),
            ($"[{Pair(a)}]", $"[{Pair(a)}]"),
            ($"[{Pair(a)},{Pair(new TimeRange(b.From, AsOf.AddMilliseconds(1)))}]", "[]"),
        })
        {
            var changed = sound.Replace($"\"gaps\":[{Pair(a)},{Pair(b)}]", $"\"gaps\":{gaps}", StringComparison.Ordinal)
                .Replace("\"unknown\":[]", $"\"unknown\":{unknown}", StringComparison.Ordinal);
            Assert.That(changed, Is.Not.EqualTo(sound));
            Assert.That(() => HeartbeatCodec.Decode(Encoding.UTF8.GetBytes(changed)), Throws.TypeOf<FormatException>(), changed);
        }

        static string Pair(TimeRange range) => $"[{range.From.ToUnixTimeMilliseconds()},{range.To.ToUnixTimeMilliseconds()}]";
    }

    [Test]
    public void A_camera_spoken_of_twice_and_too_many_cameras_are_refused()
    {
        var camera = TestHeartbeats.Camera();

        Assert.That(() => HeartbeatCodec.Encode(TestHeartbeats.Of(camera, camera)), Throws.TypeOf<FormatException>().With.Message.Contains("twice"));
        Assert.That(() => HeartbeatCodec.Encode(TestHeartbeats.Of([.. Enumerable.Repeat(camera, HeartbeatCodec.MostCameras + 1)])), Throws.TypeOf<FormatException>());
        Assert.That(() => HeartbeatCodec.Decode(new byte[HeartbeatCodec.MaxBytes + 1]), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void A_body_that_would_be_too_large_is_told_with_fewer_gaps()
    {
        // A hole of three seconds every half hour, on 90 cameras.
        (double, double)[] holes = [.. Enumerable.Range(1, 1400).Select(i => (i * 1800.0, (i * 1800.0) - 3))];
        Heartbeat WithMostGaps(int most) => TestHeartbeats.Of([.. Enumerable.Range(0, 90).Select(i => TestHeartbeats.Camera($"c-{i}", most, holes))]);

        Assert.That(() => HeartbeatCodec.Encode(WithMostGaps(500)), Throws.TypeOf<FormatException>());
        var read = HeartbeatCodec.Decode(HeartbeatCodec.EncodeToFit(WithMostGaps));

        Assert.That(read.Cameras[0].Claimed.Thresholds[2].Coverage.Gaps, Is.EqualTo(1400));
        Assert.That(HeartbeatAuditor.Audit(read, AsOf).Judged, Is.EqualTo(ServerJudgement.Agrees));
    }

    [Test]
    public void What_a_caller_says_in_odd_characters_is_still_told()
    {
        var seen = new[] { new Finding(FindingCode.WitnessOmits, null, "12\u00a0s \"前门\""), new Finding(FindingCode.ThinMargin, null, "derived anew or not at all") };
        var statement = CameraStatement.From(
            TestHeartbeats.Label(), TestHeartbeats.Evidence() with { LookedAt = default }, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf, seen);

        Assert.That(HeartbeatCodec.Decode(HeartbeatCodec.Encode(TestHeartbeats.Of(statement))).Cameras[0].Claimed.Findings.Select(f => f.Measure), Is.EqualTo(new[] { "12?s ????" }));
    }

    static Heartbeat Full()
    {
        var window = new TimeRange(AsOf.AddDays(-31), AsOf);
        var unknown = Ago(20 * 86400, 20 * 86400 - 500);
        var off = Ago(18 * 86400, 18 * 86400 - 36_000);
        var gaps = Ago(3600.25, 3500).Union(Ago(90_000, 89_999)).Union(Ago(88_500, 88_499)).Union(Ago(89_000, 88_998)).Union(Ago(88_000, 87_998.5)).Union(Ago(9 * 86400, (9 * 86400) - 3));
        var evidence = TestHeartbeats.Evidence() with
        {
            Timeline = Timeline.Of(window, gaps.Union(unknown).Union(off).Complement(window), unknown, off),
            Commissioning = new Commissioning(new TimeRange(AsOf.AddDays(-400), AsOf.AddDays(-399)), CommissioningBasis.FirstSeen),
            Losses = [new FootageLoss(Ago(9 * 86400, 9 * 86400 - 3)[0], AsOf.AddDays(-3), true)],
        };
        var label = TestHeartbeats.Label() with { Weakest = Basis.Listed };
        var seen = new[] { new Finding(FindingCode.WitnessOmits, Ago(400, 300)[0], "4 s in dispute") };
        return TestHeartbeats.Of(CameraStatement.From(label, evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf, seen, mostGaps: 2)) with
        {
            Receipt = new string('a', 64),
        };
    }

    static RangeSet Ago(double from, double to) => RangeSet.Of([new TimeRange(AsOf.AddSeconds(-from), AsOf.AddSeconds(-to))]);
}

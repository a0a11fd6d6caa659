using System.Globalization;
using System.Text;
using Agent.Probing.Rtsp;
using FakeRecorder.Rtsp;
using NUnit.Framework;
using static Agent.Tests.Probing.Rtsp.RecordedPieces;

namespace Agent.Tests.Probing.Rtsp;

/// <summary>
/// Damaged conversations, many times over: no exception but the named failure, and no message beyond its bounds. How many, RETENTION_MUTATIONS
/// says; RETENTION_MUTATION_SEED varies them.
/// </summary>
sealed class RtspMutationTests
{
    static readonly int Mutations = Setting("RETENTION_MUTATIONS", 4000);
    static readonly int Seed = Setting("RETENTION_MUTATION_SEED", 1);

    static readonly byte[] Conversation =
    [
        .. Encoding.Latin1.GetBytes("RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Base: rtsp://127.0.0.1/a/\r\nContent-Length: 120\r\n\r\n"),
        .. Encoding.Latin1.GetBytes("v=0\r\na=control:*\r\na=range:clock=20261101T000000Z-\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 a=1;b\r\n   \r\n\r\n".PadRight(120)),
        .. Encoding.Latin1.GetBytes("RTSP/1.0 401 Unauthorized\r\nCSeq: 3\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n\r\n"),
        .. Convert.FromHexString("24000020" + "90E00102010203040A0B0C0D" + "ABAC0003" + "EE00000080000000F02A0000" + "7C850102"),
        .. Convert.FromHexString("24000020" + "90E00103010203040A0B0C0D" + "ABAC0003" + "EE00000080000000F02A0000" + "78000241"),
        .. Convert.FromHexString("24010008" + "81CB000100000001"),
        .. Encoding.Latin1.GetBytes("ANNOUNCE rtsp://127.0.0.1/a RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 2\r\n\r\nxxRTSP/1.0 200\r\nCSeq: 4\r\nX: 1\r\n 2\r\n\r\n"),
    ];

    [Test]
    public async Task Damaged_bytes_are_a_named_failure_or_a_message_within_its_bounds()
    {
        var random = new Random(Seed);
        var (messages, failures) = (0, new Dictionary<RtspFailure, int>());
        for (var i = 0; i < Mutations * 5; i++)
        {
            var reader = new RtspReader(new MemoryStream(Damaged(Conversation, random)));
            try
            {
                while (true)
                {
                    Use(await reader.NextAsync(CancellationToken.None));
                    messages++;
                }
            }
            catch (RtspFailedException e)
            {
                failures[e.Failure] = failures.GetValueOrDefault(e.Failure) + 1;
            }
        }
        await TestContext.Out.WriteLineAsync($"{messages} messages; {string.Join(", ", failures.Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.Multiple(() =>
        {
            Assert.That(failures.Keys, Is.SubsetOf(new[] { RtspFailure.Ended, RtspFailure.NotRtsp, RtspFailure.TooMuch }));
            Assert.That(failures.Keys, Has.Count.GreaterThan(1));
            Assert.That(messages, Is.GreaterThan(Mutations));
        });
    }

    [Test]
    public async Task A_look_at_a_recorder_that_sends_damaged_bytes_ends_with_an_answer()
    {
        var failures = new Dictionary<string, int>();
        for (var i = 0; i < Math.Max(10, Mutations / 100); i++)
        {
            var random = new Random(Seed * 1000 + i);
            await using var recorder = RunningRtsp.Start(Script((0, 40), (60, 70)) with { Mutates = bytes => random.Next(6) == 0 ? Damaged(bytes, random) : bytes });
            using var check = new ReplayCheck(new RtspAccess { Patience = TimeSpan.FromMilliseconds(200), Deadline = TimeSpan.FromSeconds(2) }, TimeProvider.System);
            var answer = await check.AskAsync(recorder.Replay("cam"), Range(0, 65), default);
            var name = answer.Failure?.ToString() ?? "none";
            failures[name] = failures.GetValueOrDefault(name) + 1;
        }
        await TestContext.Out.WriteLineAsync(string.Join(", ", failures.Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.That(failures, Has.Count.GreaterThan(1));
    }

    static void Use(RtspMessage message)
    {
        if (message.Frame is { } frame)
        {
            Assert.That(frame.Content.Length, Is.LessThanOrEqualTo(ushort.MaxValue));
            RtcpPacket.SaysGoodbye(frame.Content.Span);
            if (RtpPacket.Read(frame.Content) is not { } packet)
                return;
            Assert.That(packet.Payload.Length, Is.LessThan(frame.Content.Length));
            foreach (var encoding in new[] { "H264", "H265" })
            {
                var stream = new Depacketiser(new MediaDescription("video", 96, null, encoding, 90_000, ""), 1000);
                stream.Add(packet);
                Assert.That(stream.Content.Length, Is.LessThanOrEqualTo(1000));
            }
        }
        if (message.Reply is not { } reply)
            return;
        Assert.That(reply.Body.Length, Is.LessThanOrEqualTo(RtspReader.LongestBody));
        Assert.That(reply.Fields.Sum(field => field.Key.Length + field.Value.Length), Is.LessThanOrEqualTo(RtspReader.LongestHead));
        foreach (var medium in SessionDescription.Read(reply.Body).Media)
            RtspAddress.Of(new Uri("rtsp://h/a"))!.Resolve(reply.Field("Content-Base") ?? "rtsp://h/a", medium.Control);
    }

    static byte[] Damaged(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        for (var damages = random.Next(1, 6); damages > 0 && bytes.Count > 0; damages--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at))); break;
                case 3: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                default: bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(1, 8) == 7 ? 20_000 : 3)); break;
            }
        }
        return [.. bytes];
    }

    static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var set) ? set : usual;
}

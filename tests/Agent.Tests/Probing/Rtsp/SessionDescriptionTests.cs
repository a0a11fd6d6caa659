using System.Text;
using Agent.Evidence.Timelines;
using Agent.Probing.Rtsp;
using NUnit.Framework;

namespace Agent.Tests.Probing.Rtsp;

sealed class SessionDescriptionTests
{
    static readonly RtspAddress Address = RtspAddress.Of(new Uri("RTSP://admin:secret@10.0.0.9:8554/Streaming/Tracks/101?replaymode=onvif"))!;

    [Test]
    public void Of_a_description_the_video_its_address_and_the_claimed_times_are_read()
    {
        var description = Read("""
            v=0
            s=x
            a=control:*
            a=range:clock=20110318T000000Z-20110318T010000.500Z
            m=audio 0 RTP/AVP 0
            a=control:audio
            m=video 0 RTP/AVP 96 97
            a=control:rtsp://192.168.1.2/track/1?a=b
            a=rtpmap:97 H265/1000
            a=rtpmap:96 h264/90000
            a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0IA,aM4=;profile-level-id=42
            """);
        var video = description.Media.Single(medium => medium.IsVideo);
        Assert.Multiple(() =>
        {
            Assert.That(description.Control, Is.EqualTo("*"));
            Assert.That(description.Claimed, Is.EqualTo(new TimeRange(new DateTimeOffset(2011, 3, 18, 0, 0, 0, default), new DateTimeOffset(2011, 3, 18, 1, 0, 0, 500, default))));
            Assert.That((video.PayloadType, video.Encoding, video.ClockRate), Is.EqualTo(((int?)96, "H264", 90_000)));
            Assert.That(video.Control, Is.EqualTo("rtsp://192.168.1.2/track/1?a=b"));
            Assert.That(video.Parameter("sprop-parameter-sets"), Is.EqualTo("Z0IA,aM4="));
            Assert.That(description.Media[0].Control, Is.EqualTo("audio"));
        });
    }

    [Test]
    public void A_static_payload_type_needs_no_map() =>
        Assert.That(Read("m=video 0 RTP/AVP 26").Media[0].Encoding, Is.EqualTo("JPEG"));

    [TestCase("")]
    [TestCase("<html>Login</html>")]
    [TestCase("m=")]
    [TestCase("m=video\na=rtpmap:\na=fmtp:96\na=control")]
    [TestCase("a=range:clock=2026-11-01T00:00:00Z-\nm=video x y z")]
    public void Nonsense_is_passed_over(string text) => Assert.DoesNotThrow(() => Read(text));

    [TestCase("clock=20261101T000000Z-", 0)]
    [TestCase("clock=20261101T000000.25Z-20261101T000010.25Z", 10)]
    [TestCase("clock=20261101T000000Z-20261101T000010Z;time=20261101T000000Z", 10)]
    [TestCase("CLOCK=20261101T000010Z-20261101T000000Z", 0)]
    public void A_range_of_times_is_read(string text, int seconds) =>
        Assert.That(ClockRange.Read(text)!.Value.Length, Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("npt=0-")]
    [TestCase("clock=")]
    [TestCase("clock=20261301T000000Z-")]
    [TestCase("clock=20261101T000000Z-20261102T000000Z-x")]
    public void What_is_no_range_of_times_is_none(string text) => Assert.That(ClockRange.Read(text), Is.Null);

    [Test]
    public void Times_are_asked_for_in_utc_and_with_milliseconds_only_where_there_are_some() =>
        Assert.Multiple(() =>
        {
            Assert.That(ClockRange.Text(new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.FromHours(8)), null), Is.EqualTo("clock=20261101T000000Z-"));
            Assert.That(ClockRange.Text(new DateTimeOffset(2026, 11, 1, 0, 0, 0, 250, default), new DateTimeOffset(2026, 11, 1, 0, 0, 1, default)), Is.EqualTo("clock=20261101T000000.250Z-20261101T000001Z"));
        });

    [Test]
    public void An_address_loses_its_login_and_keeps_its_query() =>
        Assert.Multiple(() =>
        {
            Assert.That(Address.Url, Is.EqualTo("rtsp://10.0.0.9:8554/Streaming/Tracks/101?replaymode=onvif"));
            Assert.That((Address.Host, Address.Port, Address.ToString()), Is.EqualTo(("10.0.0.9", 8554, "10.0.0.9:8554")));
            Assert.That(RtspAddress.Of(new Uri("rtsp://[fe80::1]/a"))!.Port, Is.EqualTo(554));
            Assert.That(RtspAddress.Of(new Uri("http://10.0.0.9/a")), Is.Null);
            Assert.That(RtspAddress.Of(new Uri("rtsps://10.0.0.9/a")), Is.Null);
        });

    [TestCase(null, "rtsp://10.0.0.9:8554/a/")]
    [TestCase("*", "rtsp://10.0.0.9:8554/a/")]
    [TestCase("trackID=1", "rtsp://10.0.0.9:8554/a/trackID=1")]
    [TestCase("/trackID=1", "rtsp://10.0.0.9:8554/a/trackID=1")]
    [TestCase("rtsp://evil.example:99/b?c=d", "rtsp://10.0.0.9:8554/b?c=d")]
    [TestCase("RTSP://evil.example", "rtsp://10.0.0.9:8554")]
    [TestCase("a\r\nEvil: 1", "rtsp://10.0.0.9:8554/a/")]
    [TestCase("rtsp://x/ RTSP/1.0\r\nEvil: 1", "rtsp://10.0.0.9:8554/a/")]
    public void A_part_is_found_on_the_same_host_only(string? control, string expected) =>
        Assert.That(Address.Resolve("rtsp://10.0.0.9:8554/a/", control), Is.EqualTo(expected));

    static SessionDescription Read(string text) => SessionDescription.Read(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));
}

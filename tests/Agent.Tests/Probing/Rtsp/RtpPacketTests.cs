using Agent.Probing.Rtsp;
using NUnit.Framework;

namespace Agent.Tests.Probing.Rtsp;

sealed class RtpPacketTests
{
    // Version 2 with extension, marker and type 96, number 0x0102, timestamp 0x01020304, source 0x0A0B0C0D.
    const string Header = "90 E0 0102 01020304 0A0B0C0D";

    [Test]
    public void A_replayed_packet_tells_when_its_picture_was_taken()
    {
        var seconds = (uint)(new DateTimeOffset(2026, 11, 1, 0, 0, 0, default) - new DateTimeOffset(1900, 1, 1, 0, 0, 0, default)).TotalSeconds;
        var packet = Read($"{Header} ABAC 0003 {seconds:X8} 80000000 F0 2A 0000 6501")!.Value;
        Assert.Multiple(() =>
        {
            Assert.That(packet.Stamp, Is.EqualTo(new ReplayStamp(new DateTimeOffset(2026, 11, 1, 0, 0, 0, 500, default), true, true, true, true, 0x2A)));
            Assert.That((packet.Marker, packet.PayloadType, packet.Sequence, packet.Timestamp), Is.EqualTo((true, (byte)96, (ushort)0x0102, 0x01020304u)));
            Assert.That(packet.Payload.ToArray(), Is.EqualTo(new byte[] { 0x65, 0x01 }));
        });
    }

    [TestCase("80", true, false, false, false)]
    [TestCase("40", false, true, false, false)]
    [TestCase("20", false, false, true, false)]
    [TestCase("10", false, false, false, true)]
    [TestCase("0F", false, false, false, false)]
    public void Each_bit_has_its_meaning(string bits, bool clean, bool ends, bool discontinuity, bool terminal)
    {
        var stamp = Read($"{Header} ABAC 0003 EE000000 00000000 {bits} 00 0000")!.Value.Stamp!.Value;
        Assert.That((stamp.IsCleanPoint, stamp.EndsSection, stamp.IsDiscontinuity, stamp.IsTerminal), Is.EqualTo((clean, ends, discontinuity, terminal)));
    }

    [Test]
    public void The_seconds_begin_anew_in_2036() => // 2036-02-07T06:28:16Z.
        Assert.That(Read($"{Header} ABAC 0003 00000000 00000000 00000000")!.Value.Stamp!.Value.Time, Is.EqualTo(new DateTimeOffset(2036, 2, 7, 6, 28, 16, default)));

    [Test]
    public void An_appended_extension_for_jpeg_is_passed_over()
    {
        var packet = Read($"{Header} ABAC 0005 EE000000 00000000 80000000 FFD80001 12345678 6501")!.Value;
        Assert.That((packet.Stamp!.Value.IsCleanPoint, packet.Payload.Length), Is.EqualTo((true, 2)));
    }

    [Test]
    public void Another_extension_tells_no_time() =>
        Assert.That(Read($"{Header} BEDE 0003 EE000000 00000000 80000000 65")!.Value.Stamp, Is.Null);

    [Test]
    public void One_too_short_for_a_time_tells_none() =>
        Assert.That(Read($"{Header} ABAC 0002 EE000000 00000000 65")!.Value.Stamp, Is.Null);

    [Test]
    public void Sources_and_padding_are_no_payload() =>
        Assert.That(Read("A2 60 0102 01020304 0A0B0C0D 11111111 22222222 65 01 000003")!.Value.Payload.ToArray(), Is.EqualTo(new byte[] { 0x65, 0x01 }));

    [TestCase("")]
    [TestCase("80 60 0102 01020304 0A0B0C")]
    [TestCase("40 60 0102 01020304 0A0B0C0D")]
    [TestCase("8F 60 0102 01020304 0A0B0C0D 11111111")]
    [TestCase("90 60 0102 01020304 0A0B0C0D ABAC")]
    [TestCase("90 60 0102 01020304 0A0B0C0D ABAC FFFF 00000000")]
    [TestCase("A0 60 0102 01020304 0A0B0C0D FF")]
    public void What_does_not_fit_is_no_packet(string hex) => Assert.That(Read(hex), Is.Null);

    [TestCase("81 CB 0001 00000001", true)]
    [TestCase("80 C8 0006 000000010000000100000001000000010000000100000001 81 CB 0001 00000001", true)]
    [TestCase("80 C8 0006 000000010000000100000001000000010000000100000001", false)]
    [TestCase("80 C8 FFFF 00000001 81 CB 0001 00000001", false)]
    [TestCase("", false)]
    public void A_goodbye_is_found_among_reports(string hex, bool says) =>
        Assert.That(RtcpPacket.SaysGoodbye(Bytes(hex)), Is.EqualTo(says));

    static RtpPacket? Read(string hex) => RtpPacket.Read(Bytes(hex));

    static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}

using Agent.Probing.Rtsp;
using NUnit.Framework;

namespace Agent.Tests.Probing.Rtsp;

sealed class DepacketiserTests
{
    [TestCase("6501020304", "00000001 6501020304")]
    [TestCase("78 0002 6701 0003 680203", "00000001 6701 00000001 680203")]
    [TestCase("7C85 0102 | 7C05 03 | 7C45 04", "00000001 65 01020304")]
    public void H264_is_put_together(string packets, string expected) => Check("H264", packets, expected);

    [TestCase("2601020304", "00000001 2601020304")]
    [TestCase("6001 0003 400101 0003 420102", "00000001 400101 00000001 420102")]
    [TestCase("6201 93 0102 | 6201 13 03 | 6201 53 04", "00000001 2601 01020304")]
    public void H265_is_put_together(string packets, string expected) => Check("H265", packets, expected);

    [Test]
    public void A_unit_of_which_a_packet_is_missing_is_left_out()
    {
        var stream = new Depacketiser(Medium("H264"), 1000);
        stream.Add(Packet(1, "7C850102"));
        stream.Add(Packet(3, "7C4504"));
        stream.Add(Packet(4, "4199"));
        Assert.That(Convert.ToHexString(stream.Content.Span), Is.EqualTo("000000014199"));
    }

    [Test]
    public void The_parameter_sets_of_the_description_come_first() =>
        Assert.That(Convert.ToHexString(new Depacketiser(Medium("H264", "sprop-parameter-sets=Z0IA,!!,aM4="), 1000).Content.Span), Is.EqualTo("00000001674200" + "0000000168CE"));

    [Test]
    public void No_more_is_held_than_there_is_room_for()
    {
        var stream = new Depacketiser(Medium("H264"), 100);
        for (ushort number = 0; number < 1000; number++)
            stream.Add(Packet(number, "41" + new string('9', 58)));
        Assert.That((stream.Content.Length, stream.IsFull), Is.EqualTo((68, true)));
    }

    [TestCase("H264", "7C")]
    [TestCase("H264", "78FFFF41")]
    [TestCase("H264", "7C05FF")]
    [TestCase("H264", "")]
    [TestCase("H265", "6201")]
    [TestCase("H265", "60010000")]
    public void Half_a_packet_gives_nothing(string encoding, string packet)
    {
        var stream = new Depacketiser(Medium(encoding), 1000);
        stream.Add(Packet(1, packet));
        Assert.That(stream.Content.Length, Is.Zero);
    }

    static void Check(string encoding, string packets, string expected)
    {
        var stream = new Depacketiser(Medium(encoding), 1000);
        ushort number = 65_535;
        foreach (var packet in packets.Split('|'))
            stream.Add(Packet(number++, packet));
        Assert.That(Convert.ToHexString(stream.Content.Span), Is.EqualTo(expected.Replace(" ", "", StringComparison.Ordinal)));
    }

    static MediaDescription Medium(string encoding, string parameters = "") => new("video", 96, null, encoding, 90_000, parameters);

    static RtpPacket Packet(ushort number, string hex) =>
        new(false, 96, number, 0, null, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
}

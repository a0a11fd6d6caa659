using System.Buffers.Binary;
using System.Text;
using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

sealed class AviReaderTests
{
    [Test]
    public void The_number_of_pictures_makes_the_duration()
    {
        var reading = Readings.ReadBytes(Avi(100, 100));

        Assert.That(reading, Is.EqualTo(new ContainerReading(ContainerState.Whole, ContainerFormat.Avi, TimeSpan.FromSeconds(4), null)));
    }

    [Test]
    public void Of_a_torn_file_only_whole_pictures_count()
    {
        var content = Avi(100, 100);
        var media = content.AsSpan().IndexOf("movi"u8) + 4;

        foreach (var pictures in new[] { 0, 1, 40, 99 })
        {
            var reading = Readings.ReadBytes(content.AsSpan(0, media + pictures * 60 + 59));
            Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(pictures * 0.04)), $"{pictures}");
            Assert.That(reading.State, Is.EqualTo(pictures == 0 ? ContainerState.NoEnd : ContainerState.Truncated));
        }
    }

    [Test]
    public void A_header_that_was_never_finished_leaves_the_file_open()
    {
        var content = Avi(0, 100);
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(4), 0);
        var list = content.AsSpan().IndexOf("movi"u8) - 4;
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(list), 0);
        var index = content.AsSpan().IndexOf("idx1"u8);

        var reading = Readings.ReadBytes(content.AsSpan(0, index));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public void A_header_that_promises_more_than_its_index_knows_is_not_believed() =>
        Assert.That(Readings.ReadBytes(Avi(5000, 100)).Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));

    [Test]
    public void A_header_without_video_is_unreadable()
    {
        var content = Avi(100, 100);
        "auds"u8.CopyTo(content.AsSpan(content.AsSpan().IndexOf("vids"u8)));

        Assert.That(Readings.ReadBytes(content).State, Is.EqualTo(ContainerState.Unreadable));
    }

    /// <summary>Pictures of 52 bytes at 25 a second.</summary>
    static byte[] Avi(uint promised, int pictures)
    {
        var strh = new byte[56];
        "vids"u8.CopyTo(strh);
        BinaryPrimitives.WriteUInt32LittleEndian(strh.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(strh.AsSpan(24), 25);
        BinaryPrimitives.WriteUInt32LittleEndian(strh.AsSpan(32), promised);
        var movi = Enumerable.Range(0, pictures).SelectMany(_ => Chunk("00dc", new byte[52])).ToArray();
        var index = Enumerable.Range(0, pictures).SelectMany(i => (byte[])[.. "00dc"u8, .. U32(0x10), .. U32((uint)(4 + i * 60)), .. U32(52)]).ToArray();
        return List("RIFF", "AVI ", List("LIST", "hdrl", Chunk("avih", new byte[56]), List("LIST", "strl", Chunk("strh", strh), Chunk("strf", new byte[40]))),
            List("LIST", "movi", movi), Chunk("idx1", index));
    }

    static byte[] List(string id, string type, params byte[][] content) => Chunk(id, [.. Encoding.ASCII.GetBytes(type), .. content.SelectMany(c => c)]);

    static byte[] Chunk(string id, byte[] content) => [.. Encoding.ASCII.GetBytes(id), .. U32((uint)content.Length), .. content];

    static byte[] U32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}

using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

sealed class ProgramStreamTests
{
    const long Second = 90_000;

    /// <summary>A program stream map as a recorder of 2023 wrote it, with its date in the first descriptor.</summary>
    static readonly byte[] Map =
    [
        0, 0, 1, 0xBC, 0, 0x1C, 0xE0, 0xFF, 0, 0x12, 0x40, 0x0E, 0x48, 0x4B, 0, 0, 0x17, 0x9D, 0x3E, 0xB4, 0x60, 0, 0, 0xFF, 0xFF, 0xFF,
        0x41, 0, 0, 0, 0, 0, 0, 0,
    ];

    [Test]
    public void Presentation_times_of_the_pictures_make_the_duration()
    {
        var reading = Readings.ReadBytes(Stream([], Second, 100));

        Assert.That(reading, Is.EqualTo(new ContainerReading(ContainerState.Whole, ContainerFormat.MpegPs, TimeSpan.FromSeconds(4), null)));
    }

    [Test]
    public void A_clock_that_wraps_goes_on() =>
        Assert.That(Readings.ReadBytes(Stream([], (1L << 33) - Second, 100)).Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));

    [Test]
    public void Hikvision_s_head_is_passed_over_and_its_date_is_told()
    {
        byte[] content = [.. "IMKH"u8, .. new byte[36], .. Stream(Map, Second, 100)];

        var reading = Readings.ReadBytes(content);

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(reading.StatedClock, Is.EqualTo(new DateTime(2023, 9, 26, 15, 43, 17)));
    }

    [Test]
    public void A_stream_without_presentation_times_goes_by_its_packs()
    {
        byte[] content = [.. Enumerable.Range(0, 100).SelectMany(i => Pack(Second + i * 3600))];

        Assert.That(Readings.ReadBytes(content).Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public void A_torn_last_packet_leaves_the_file_open()
    {
        var content = Stream([], Second, 100);

        var reading = Readings.ReadBytes(content.AsSpan(0, content.Length - 100));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Duration, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public void A_map_without_a_date_states_none()
    {
        foreach (var at in new[] { 9, 11, 12, 17, 18 })
        {
            var map = Map.ToArray();
            map[at] = 0xFF;
            Assert.That(Readings.ReadBytes(Stream(map, Second, 10)).StatedClock, Is.Null.Or.Not.EqualTo(default(DateTime)), $"{at}");
        }

        byte[] foreign = [.. Map];
        foreign[12] = (byte)'X';
        Assert.That(Readings.ReadBytes(Stream(foreign, Second, 10)).StatedClock, Is.Null);
    }

    static byte[] Stream(byte[] map, long first, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(i => (byte[])[.. Pack(first + i * 3600), .. i == 0 ? map : [], .. Picture(first + i * 3600)])];

    static byte[] Pack(long scr)
    {
        scr &= (1L << 33) - 1;
        return
        [
            0, 0, 1, 0xBA,
            (byte)(0x44 | scr >> 27 & 0x38 | scr >> 28 & 3), (byte)(scr >> 20), (byte)(scr >> 12 & 0xF8 | 4 | scr >> 13 & 3), (byte)(scr >> 5), (byte)(scr << 3 & 0xF8 | 4), 1,
            1, 0x89, 0xC3, 0xF8,
        ];
    }

    static byte[] Picture(long time)
    {
        time &= (1L << 33) - 1;
        byte[] packet =
        [
            0, 0, 1, 0xE0, 0, 0, 0x80, 0x80, 5,
            (byte)(0x21 | time >> 29 & 0x0E), (byte)(time >> 22), (byte)(time >> 14 | 1), (byte)(time >> 7), (byte)(time << 1 | 1), .. new byte[300],
        ];
        packet[4] = (byte)((packet.Length - 6) >> 8);
        packet[5] = (byte)(packet.Length - 6);
        return packet;
    }
}

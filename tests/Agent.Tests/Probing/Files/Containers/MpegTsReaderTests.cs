using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

sealed class MpegTsReaderTests
{
    const long Second = 90_000;

    [Test]
    public void Presentation_times_of_the_pictures_make_the_duration()
    {
        var reading = Readings.ReadBytes(Stream(0xE0, [.. Enumerable.Range(0, 100).Select(i => Second + i * 3600)]));

        Assert.That(reading, Is.EqualTo(new ContainerReading(ContainerState.Whole, ContainerFormat.MpegTs, TimeSpan.FromSeconds(4), null)));
    }

    [Test]
    public void A_clock_that_wraps_goes_on()
    {
        var reading = Readings.ReadBytes(Stream(0xE0, [.. Enumerable.Range(0, 100).Select(i => (1L << 33) - Second + i * 3600)]));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public void A_stream_with_sound_alone_lasts_as_long_as_the_sound()
    {
        var reading = Readings.ReadBytes(Stream(0xC0, [.. Enumerable.Range(0, 100).Select(i => i * 9000L)]));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_clock_that_leaps_by_hours_is_not_taken_for_hours_of_footage()
    {
        long[] times = [.. Enumerable.Range(0, 20_000).Select(i => i * 3600L), .. Enumerable.Range(0, 20_000).Select(i => 20 * 3600 * Second + i * 3600L)];

        var reading = Readings.ReadBytes(Stream(0xE0, times));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Detail, Does.Contain("jump"));
        Assert.That(reading.Duration, Is.GreaterThan(TimeSpan.FromSeconds(10)).And.LessThanOrEqualTo(TimeSpan.FromSeconds(1600)));
    }

    [Test]
    public void A_clock_that_falls_back_is_not_taken_for_a_wrap()
    {
        long[] times = [.. Enumerable.Range(0, 20_000).Select(i => 5000 * Second + i * 3600L), .. Enumerable.Range(0, 20_000).Select(i => i * 3600L)];

        var reading = Readings.ReadBytes(Stream(0xE0, times));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Duration, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(1600)));
    }

    [Test]
    public void A_torn_last_packet_leaves_the_file_open_and_the_picture_before_it_in_doubt()
    {
        var content = Stream(0xE0, [.. Enumerable.Range(0, 100).Select(i => i * 3600L)]);

        var reading = Readings.ReadBytes(content.AsSpan(0, content.Length - 100));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(3920)));
    }

    [Test]
    public void Packets_without_any_time_have_no_end()
    {
        var content = new byte[188 * 20];
        for (var at = 0; at < content.Length; at += 188)
            new byte[] { 0x47, 0x1F, 0xFF, 0x10 }.CopyTo(content, at);

        Assert.That(Readings.ReadBytes(content).State, Is.EqualTo(ContainerState.NoEnd));
    }

    [Test]
    public void A_recording_that_starts_inside_a_packet_is_read_from_the_next()
    {
        var content = Stream(0xE0, [.. Enumerable.Range(0, 100).Select(i => i * 3600L)]);

        Assert.That(Readings.ReadBytes(content.AsSpan(77)).Duration, Is.EqualTo(TimeSpan.FromMilliseconds(3960)));
    }

    [Test]
    public void A_killed_writer_leaves_a_stream_that_reaches_its_last_packet()
    {
        var path = SyntheticFootage.MakeKilled("killed.ts", Recipes.Make("h264.ts"), 20_000, "-c", "copy");
        var truth = SyntheticFootage.Span(path)!;

        var (reading, _, _) = Readings.Read(path);

        Assert.That(reading.Duration.TotalSeconds, Is.EqualTo(truth.SinceFirst).Within(0.05).And.LessThanOrEqualTo(truth.SinceFirst + 0.001));
    }

    /// <summary>One packet per time, each with a PES header and a little media.</summary>
    static byte[] Stream(byte streamId, long[] times)
    {
        var content = new byte[188 * times.Length];
        for (var i = 0; i < times.Length; i++)
        {
            var time = times[i] & (1L << 33) - 1;
            byte[] packet =
            [
                0x47, 0x41, 0x00, 0x10, 0, 0, 1, streamId, 0, 0, 0x80, 0x80, 5,
                (byte)(0x21 | time >> 29 & 0x0E), (byte)(time >> 22), (byte)(time >> 14 | 1), (byte)(time >> 7), (byte)(time << 1 | 1),
            ];
            packet.CopyTo(content, 188 * i);
        }

        return content;
    }
}

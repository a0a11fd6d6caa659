using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

sealed class DhavStreamTests
{
    static readonly DateTime First = new(2026, 2, 28, 23, 59, 40);

    [Test]
    public void The_dates_in_its_frames_make_the_duration_and_tell_the_recorder_s_clock()
    {
        var reading = Readings.ReadBytes(DhavBytes.Pictures(First, Times(0, 1000)));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Whole));
        Assert.That(reading.Format, Is.EqualTo(ContainerFormat.Dhav));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(40)));
        Assert.That(reading.StatedClock, Is.EqualTo(First));
        Assert.That(reading.StatedStart, Is.Null);
        Assert.That(reading.Holes, Is.Null);
    }

    [Test]
    public void Bytes_of_a_transfer_before_the_first_frame_are_passed_over()
    {
        byte[] garbage = [.. "DHAV and DHAV again, none of them a frame: "u8, .. new byte[900]];

        var reading = Readings.ReadBytes([.. garbage, .. DhavBytes.Pictures(First, Times(0, 100))]);

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(Readings.ReadBytes([.. "DAHUA"u8, .. new byte[0x400 - 5], .. DhavBytes.Pictures(First, Times(0, 100))]).Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public void A_torn_last_frame_does_not_count()
    {
        var content = DhavBytes.Pictures(First, Times(0, 100));

        var reading = Readings.ReadBytes(content.AsSpan(0, content.Length - 20));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(3960)));
    }

    [Test]
    public void Space_that_was_reserved_behind_the_frames_is_not_footage()
    {
        var reading = Readings.ReadBytes([.. DhavBytes.Pictures(First, Times(0, 1000)), .. new byte[3_000_000]]);

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(40)));
    }

    [Test]
    public void A_pause_between_frames_is_a_hole()
    {
        var reading = Readings.ReadBytes(DhavBytes.Pictures(First, [.. Times(0, 100), .. Times(64_000, 100)]));

        Assert.That(reading.Holes, Is.EqualTo(new[] { new MediaHole(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(64)) }));
    }

    [Test]
    public void A_pause_in_the_middle_of_a_long_file_is_found_by_samples()
    {
        var reading = Readings.ReadBytes(DhavBytes.Pictures(First, [.. Times(0, 4000), .. Times(170_000, 4000)], media: 2000));

        Assert.That(reading.Holes, Is.EqualTo(new[] { new MediaHole(TimeSpan.FromSeconds(160), TimeSpan.FromSeconds(170)) }));
    }

    [Test]
    public void Sound_does_not_stand_in_for_pictures()
    {
        byte[] sound = [.. Enumerable.Range(0, 100).SelectMany(i => DhavBytes.Frame(0xF0, First.AddSeconds(i), i * 1000, 50))];

        Assert.That(Readings.ReadBytes([.. DhavBytes.Pictures(First, Times(0, 100)), .. sound]).Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(Readings.ReadBytes(sound).Duration.TotalSeconds, Is.EqualTo(100).Within(1.1));
    }

    static IEnumerable<int> Times(int from, int count) => Enumerable.Range(0, count).Select(i => from + i * 40);
}

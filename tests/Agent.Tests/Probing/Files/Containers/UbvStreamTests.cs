using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

sealed class UbvStreamTests
{
    static readonly DateTimeOffset Wall = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    [Test]
    public void Its_pictures_make_the_duration_and_its_clock_the_start()
    {
        var content = new UbvBytes().AddClock(Wall, 1_000_000).Add(1000, 6, 16_000, new byte[70]).AddPictures(1_000_500, 250).Content;

        var reading = Readings.ReadBytes(content);

        Assert.That(reading.State, Is.EqualTo(ContainerState.Whole));
        Assert.That(reading.Format, Is.EqualTo(ContainerFormat.Ubv));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(reading.StatedStart, Is.EqualTo(Wall.AddMilliseconds(500)));
    }

    [TestCase(3_000_000)]
    [TestCase(5000)]
    public void Zeros_behind_the_records_are_space_and_not_footage(int zeros)
    {
        var reading = Readings.ReadBytes([.. new UbvBytes().AddClock(Wall, 0).AddPictures(0, 250).Content, .. new byte[zeros]]);

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_torn_last_record_does_not_count()
    {
        var content = new UbvBytes().AddClock(Wall, 0).AddPictures(0, 250).Content;

        Assert.That(Readings.ReadBytes(content.AsSpan(0, content.Length - 3)).Duration, Is.EqualTo(TimeSpan.FromMilliseconds(9960)));
    }

    [Test]
    public void A_pause_in_the_middle_is_a_hole()
    {
        var content = new UbvBytes().AddClock(Wall, 0).AddPictures(0, 4000, 2000).AddPictures(200_000, 4000, 2000).Content;

        Assert.That(Readings.ReadBytes(content).Holes, Is.EqualTo(new[] { new MediaHole(TimeSpan.FromSeconds(160), TimeSpan.FromSeconds(200)) }));
    }
}

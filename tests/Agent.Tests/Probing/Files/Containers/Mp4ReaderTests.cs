using Agent.Probing.Files.Containers;
using NUnit.Framework;
using static Agent.Tests.Probing.Files.Containers.Mp4Bytes;

namespace Agent.Tests.Probing.Files.Containers;

sealed class Mp4ReaderTests
{
    [Test]
    public void Times_of_64_bits_are_read()
    {
        var reading = Readings.ReadBytes(Join(
            Ftyp, Box("moov", Mvhd(1000, 0), Track(1, "vide", LongMdhd(90_000, 5_400_000_000))), Box("mdat", new byte[64])));

        Assert.That(reading, Is.EqualTo(new ContainerReading(ContainerState.Whole, ContainerFormat.Mp4, TimeSpan.FromHours(16) + TimeSpan.FromMinutes(40), null)));
    }

    [Test]
    public void The_pictures_count_and_not_a_longer_sound()
    {
        var reading = Readings.ReadBytes(Join(
            Ftyp, Box("moov", Mvhd(1000, 9000), Track(1, "soun", Mdhd(8000, 72_000)), Track(2, "vide", Mdhd(1000, 6000))), Box("mdat", new byte[64])));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(6)));
    }

    [Test]
    public void Without_pictures_the_longest_track_counts()
    {
        var reading = Readings.ReadBytes(Join(
            Ftyp, Box("moov", Mvhd(1000, 9000), Track(1, "soun", Mdhd(8000, 72_000)), Track(2, "meta", Mdhd(1000, 6000))), Box("mdat", new byte[64])));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(9)));
    }

    [Test]
    public void A_track_that_does_not_know_its_duration_has_the_presentation_s()
    {
        var reading = Readings.ReadBytes(Join(
            Ftyp, Box("moov", Mvhd(1000, 4000), Track(1, "vide", Mdhd(1000, uint.MaxValue))), Box("mdat", new byte[64])));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public void Media_in_a_box_with_a_64_bit_size_is_measured_against_the_file()
    {
        var moov = Box("moov", Mvhd(1000, 4000), Track(1, "vide", Mdhd(1000, 4000)));

        Assert.That(Readings.ReadBytes(Join(Ftyp, moov, ClaimingLarge("mdat", 80, new byte[64]))).State, Is.EqualTo(ContainerState.Whole));
        Assert.That(Readings.ReadBytes(Join(Ftyp, moov, ClaimingLarge("mdat", 5L << 32, new byte[64]))).Duration, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase(100, 4, ContainerState.Whole)]
    [TestCase(99, 3, ContainerState.Truncated)]
    [TestCase(75, 3, ContainerState.Truncated)]
    [TestCase(74, 2, ContainerState.Truncated)]
    [TestCase(0, 0, ContainerState.Truncated)]
    public void Only_samples_whose_bytes_are_all_there_count(int present, int seconds, ContainerState state)
    {
        byte[] Header(uint offset) =>
            Join(Ftyp, Box("moov", Mvhd(1000, 4000), Track(1, "vide", Mdhd(1000, 4000), Tables(offset, 1000, 25, 25, 25, 25))));
        var media = (uint)Header(0).Length + 8;

        var reading = Readings.ReadBytes(Join(Header(media), Claiming("mdat", 108, new byte[present])));

        Assert.That(reading.State, Is.EqualTo(state));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test]
    public void Media_of_open_size_behind_the_header_is_counted_sample_by_sample()
    {
        byte[] Header(uint offset) =>
            Join(Ftyp, Box("moov", Mvhd(1000, 4000), Track(1, "vide", Mdhd(1000, 4000), Tables(offset, 1000, 25, 25, 25, 25))));
        var media = (uint)Header(0).Length + 8;

        var reading = Readings.ReadBytes(Join(Header(media), Claiming("mdat", 0, new byte[60])));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Truncated));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void A_header_without_any_media_behind_it_has_no_duration()
    {
        var reading = Readings.ReadBytes(Join(
            Ftyp, Box("moov", Mvhd(1000, 4000), Track(1, "vide", Mdhd(1000, 4000), Tables(5000, 1000, 25, 25)))));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Truncated));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Media_without_a_header_has_no_end_yet()
    {
        Assert.That(Readings.ReadBytes(Join(Ftyp, Claiming("mdat", 0, new byte[5000]))).State, Is.EqualTo(ContainerState.NoEnd));
        Assert.That(Readings.ReadBytes(Join(Ftyp, Claiming("mdat", 1 << 30, new byte[5000]))).State, Is.EqualTo(ContainerState.NoEnd));
        Assert.That(Readings.ReadBytes(Ftyp).State, Is.EqualTo(ContainerState.NoEnd));
    }

    [Test]
    public void Space_that_was_reserved_behind_the_media_does_not_make_it_less()
    {
        byte[] Header(uint offset) =>
            Join(Ftyp, Box("moov", Mvhd(1000, 2000), Track(1, "vide", Mdhd(1000, 2000), Tables(offset, 1000, 25, 25))));
        var media = (uint)Header(0).Length + 8;

        var reading = Readings.ReadBytes(Join(Header(media), Box("mdat", new byte[50]), new byte[4000]));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Whole));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void A_header_is_not_believed_beyond_what_its_samples_last()
    {
        var reading = Readings.ReadBytes(Join(
            Ftyp, Box("moov", Mvhd(1000, 90_000), Track(1, "vide", Mdhd(1000, 90_000), Tables(0, 1000, 25, 25))), Box("mdat", new byte[64])));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void A_last_sample_that_lasts_for_hours_is_a_hole()
    {
        byte[][] tables = Tables(0, 1000, 25, 25, 25);
        tables[0] = Box("stts", U32(0, 2, 2, 1000, 1, 7_200_000));

        var reading = Readings.ReadBytes(Join(Ftyp, Box("moov", Mvhd(1000, 0), Track(1, "vide", Mdhd(1000, 7_202_000), tables)), Box("mdat", new byte[75])));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(7202)));
        Assert.That(reading.Holes, Is.EqualTo(new[] { new MediaHole(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7202)) }));
    }

    [Test]
    public void More_than_a_year_in_one_file_is_damage()
    {
        var reading = Readings.ReadBytes(Join(
            Ftyp, Box("moov", Mvhd(1000, 0), Track(1, "vide", LongMdhd(1, ulong.MaxValue - 1))), Box("mdat", new byte[64])));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Unreadable));
        Assert.That(reading.Detail, Does.Contain("more than a year"));
    }
}

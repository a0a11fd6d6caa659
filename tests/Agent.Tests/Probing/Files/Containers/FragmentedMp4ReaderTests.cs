using Agent.Probing.Files.Containers;
using NUnit.Framework;
using static Agent.Tests.Probing.Files.Containers.Mp4Bytes;

namespace Agent.Tests.Probing.Files.Containers;

sealed class FragmentedMp4ReaderTests
{
    static readonly byte[] Header = Join(
        Ftyp, Box("moov", Mvhd(1000, 0), Track(1, "vide", Mdhd(1000, 0)), Box("mvex", Box("trex", U32(0, 1, 1, 40, 10, 0)))));

    [Test]
    public void Fragments_count_from_the_first_one_s_time()
    {
        var reading = Readings.ReadBytes(Join(Header, Fragment(500_000, 25), Fragment(501_000, 25), Fragment(502_000, 25)));

        Assert.That(reading, Is.EqualTo(new ContainerReading(ContainerState.Whole, ContainerFormat.FragmentedMp4, TimeSpan.FromSeconds(3), null)));
    }

    [TestCase(250, 2000)]
    [TestCase(249, 1960)]
    [TestCase(15, 1040)]
    [TestCase(9, 1000)]
    public void Of_the_last_fragment_only_whole_samples_count(int present, int milliseconds)
    {
        var last = Fragment(1000, 25);

        var reading = Readings.ReadBytes(Join(Header, Fragment(0, 25), last[..(last.Length - 250 + present)]));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.That(reading.State, Is.EqualTo(present == 250 ? ContainerState.Whole : ContainerState.Open));
    }

    [TestCase(8)]
    [TestCase(60)]
    [TestCase(99)]
    public void A_file_torn_inside_a_fragment_s_header_keeps_what_came_before(int present)
    {
        var reading = Readings.ReadBytes(Join(Header, Fragment(0, 25), Fragment(1000, 25)[..present]));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void A_header_without_fragments_has_no_end_yet()
    {
        Assert.That(Readings.ReadBytes(Header).State, Is.EqualTo(ContainerState.NoEnd));
        Assert.That(Readings.ReadBytes(Header).Format, Is.EqualTo(ContainerFormat.FragmentedMp4));
        Assert.That(Readings.ReadBytes(Join(Header, Fragment(0, 25)[..40])).State, Is.EqualTo(ContainerState.NoEnd));
    }

    [Test]
    public void Fragments_without_a_header_have_no_end()
    {
        var reading = Readings.ReadBytes(Fragment(0, 25));

        Assert.That(reading.State, Is.EqualTo(ContainerState.NoEnd));
        Assert.That(reading.Format, Is.EqualTo(ContainerFormat.FragmentedMp4));
    }

    [Test]
    public void Fragments_without_a_header_are_read_by_the_one_beside_them()
    {
        var reading = Readings.ReadBytes(Join(Fragment(500_000, 25), Fragment(501_000, 25)), Header);

        Assert.That(reading, Is.EqualTo(new ContainerReading(ContainerState.Whole, ContainerFormat.FragmentedMp4, TimeSpan.FromSeconds(2), null)));
        Assert.That(Readings.ReadBytes(Fragment(0, 25), Ftyp).State, Is.EqualTo(ContainerState.NoEnd));
        Assert.That(Readings.ReadBytes(Fragment(0, 25), Header.AsMemory(0, Header.Length - 5)).State, Is.EqualTo(ContainerState.NoEnd));
    }

    [Test]
    public void A_leap_between_fragments_is_a_hole()
    {
        var reading = Readings.ReadBytes(Join(Header, Fragment(500_000, 25), Fragment(531_000, 25), Fragment(532_500, 25)));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(33_500)));
        Assert.That(reading.Holes, Is.EqualTo(new[] { new MediaHole(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(31)) }));
    }

    [Test]
    public void A_table_of_fragments_that_hides_a_leap_is_not_believed()
    {
        byte[][] fragments = [.. Enumerable.Range(0, 40).Select(i => Fragment((ulong)(i * 1000 + (i < 30 ? 0 : 60_000)), 25))];
        var at = Header.Length;
        var entries = new List<byte>();
        for (var i = 0; i < fragments.Length; i++)
        {
            entries.AddRange(U64((ulong)i * 1000));
            entries.AddRange(U64((ulong)at));
            entries.AddRange([1, 1, 1]);
            at += fragments[i].Length;
        }

        var tfra = Box("tfra", U32(0x01000000, 1, 0, (uint)fragments.Length), [.. entries]);
        var mfra = Box("mfra", tfra, Box("mfro", U32(0, (uint)tfra.Length + 8 + 16)));

        var reading = Readings.ReadBytes(Join(Header, Join(fragments), mfra));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(100)));
        Assert.That(reading.Holes, Is.EqualTo(new[] { new MediaHole(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90)) }));
    }

    [Test]
    public void The_instant_MediaMTX_writes_is_stated()
    {
        byte[] mtxi = Box("mtxi", U32(0), new byte[16], U64(3), U64(0), U64(1_772_366_400_500_000_000));
        var header = Join(Ftyp, Box("moov", Mvhd(1000, 0), Track(1, "vide", Mdhd(1000, 0)), Box("mvex", Box("trex", U32(0, 1, 1, 40, 10, 0))), Box("udta", mtxi)));

        Assert.That(Readings.ReadBytes(Join(header, Fragment(0, 25))).StatedStart, Is.EqualTo(new DateTimeOffset(2026, 3, 1, 12, 0, 0, 500, TimeSpan.Zero)));
    }

    [Test]
    public void Space_that_was_reserved_behind_the_fragments_leaves_the_file_open()
    {
        var reading = Readings.ReadBytes(Join(Header, Fragment(0, 25), new byte[5000]));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void An_index_that_tells_of_more_than_is_there_makes_a_truncated_file()
    {
        var fragment = Fragment(0, 25);
        var sidx = Box("sidx", U32(0, 1, 1000, 0, 0, 2), U32((uint)fragment.Length, 1000, 0), U32((uint)fragment.Length, 1000, 0));

        Assert.That(Readings.ReadBytes(Join(Header, sidx, fragment, Fragment(1000, 25))).State, Is.EqualTo(ContainerState.Whole));
        var cut = Readings.ReadBytes(Join(Header, sidx, fragment));
        Assert.That(cut.State, Is.EqualTo(ContainerState.Truncated));
        Assert.That(cut.Duration, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void An_index_that_points_elsewhere_costs_no_truth()
    {
        var fragments = Join([.. Enumerable.Range(0, 20).Select(i => Fragment((ulong)i * 1000, 25))]);
        var lying = Box("sidx", U32(0, 1, 1000, 0, 0, 2), U32(777, 1000, 0), U32(100, 1000, 0));

        var reading = Readings.ReadBytes(Join(Header, lying, fragments));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Whole));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void Hours_of_fragments_stay_within_the_budget()
    {
        var fragments = Join([.. Enumerable.Range(0, 10_000).Select(i => Fragment((ulong)i * 1000, 25))]);

        var reading = Readings.ReadBytes(Join(Header, fragments));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.FromSeconds(10_000)));
    }

    [Test]
    public void A_killed_writer_leaves_a_file_that_reaches_its_last_fragment()
    {
        var path = SyntheticFootage.MakeKilled(
            "killed.mp4", Recipes.Make("h264.ts"), 15_000, "-c", "copy", "-movflags", "frag_keyframe+empty_moov+default_base_moof");
        var truth = SyntheticFootage.Span(path)!;

        var (reading, _, _) = Readings.Read(path);

        Assert.That(reading.Duration.TotalSeconds, Is.EqualTo(truth.SinceFirst).Within(0.05).And.LessThanOrEqualTo(truth.SinceFirst + 0.001));
    }

    [Test]
    public void A_killed_writer_of_an_ordinary_file_leaves_no_end()
    {
        var path = SyntheticFootage.MakeKilled("killed-before-moov.mp4", Recipes.Make("h264.ts"), 10_000, "-c", "copy");

        Assert.That(Readings.Read(path).Reading.State, Is.EqualTo(ContainerState.NoEnd));
    }

    /// <summary>Samples of 40 ms and ten bytes each, by the defaults of the header.</summary>
    static byte[] Fragment(ulong start, uint samples) =>
        Join(
            Box("moof",
                Box("mfhd", U32(0, 1)),
                Box("traf", Box("tfhd", U32(0x020000, 1)), Box("tfdt", U32(0x01000000), U64(start)), Box("trun", U32(0x000001, samples, 100)))),
            Box("mdat", new byte[samples * 10]));
}

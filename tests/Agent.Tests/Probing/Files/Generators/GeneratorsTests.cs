using System.Buffers.Binary;
using Agent.Evidence.Timelines;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>
/// The generators against somebody else's eyes: ffprobe where it reads the format, published figures where it does not.
/// Nothing of the agent takes part.
/// </summary>
sealed class GeneratorsTests
{
    static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [TestCase(false, 0, false, 5)]
    [TestCase(true, 0, false, 5)]
    [TestCase(false, 317, false, 5)]
    [TestCase(false, 0, true, 12)]
    public void Ffprobe_reads_the_length_of_a_dhav_file(bool head, int garbage, bool sound, int perSecond)
    {
        var file = DhavGenerator.File([Seconds("15:58:30", 40)], Shanghai, new DhavShape(head, garbage, HasSound: sound, PicturesPerSecond: perSecond));
        var span = SyntheticFootage.Span(SyntheticFootage.Write("generated.dav", file));
        // Where the first bytes are no frame, ffprobe takes the end of the first frame for the beginning, and so begins at the second key picture.
        var lost = garbage > 0 ? 2 : 0;
        Assert.That(span?.Packets, Is.EqualTo((40 - lost) * perSecond));
        Assert.That(span!.SinceFirst, Is.EqualTo(40 - lost).Within(1.01 / perSecond));
    }

    [Test]
    public void Ffprobe_reads_a_dhav_file_over_the_recorders_midnight_and_a_hole()
    {
        // Sixteen o'clock is midnight in Shanghai.
        var file = DhavGenerator.File([Seconds("15:59:50", 20), Seconds("16:01:00", 10)], Shanghai);
        Assert.That(SyntheticFootage.Span(SyntheticFootage.Write("midnight.dav", file))?.SinceFirst, Is.EqualTo(80).Within(0.21));
    }

    [Test]
    public void A_dhav_date_is_packed_as_published()
    {
        // 2026-11-23 00:00:05: 26 << 26 | 11 << 22 | 23 << 17 | 0 | 0 | 5.
        Assert.That(DhavGenerator.Date(new DateTime(2026, 11, 23, 0, 0, 5)), Is.EqualTo(1_744_830_464u + 46_137_344u + 3_014_656u + 5u));
    }

    [Test]
    public void A_cut_dhav_file_plays_up_to_where_it_is_cut()
    {
        var whole = DhavGenerator.File([Seconds("10:00:00", 30)], TimeZoneInfo.Utc);
        var cut = DhavGenerator.File([Seconds("10:00:00", 30)], TimeZoneInfo.Utc, new DhavShape(CutFromTail: whole.Length / 2));
        Assert.That(SyntheticFootage.Span(SyntheticFootage.Write("cut.dav", cut))?.SinceFirst, Is.EqualTo(15).Within(0.41));
    }

    [TestCase(false, true, 123_456)]
    [TestCase(true, true, 123_456)]
    [TestCase(false, false, 123_456)]
    [TestCase(true, true, (1L << 33) - 20 * 90_000)]
    public void Ffprobe_reads_the_length_of_a_program_stream(bool head, bool maps, long firstClock)
    {
        var file = HikvisionProgramStream.File([Seconds("10:00:00", 40)], Shanghai, new HikvisionStreamShape(head, maps, FirstClock: firstClock));
        var span = SyntheticFootage.Span(SyntheticFootage.Write("generated.mpg", file));
        Assert.That(span?.Packets, Is.EqualTo(200).Within(1));
        Assert.That(span!.SinceFirst, Is.EqualTo(40).Within(0.41));
    }

    [Test]
    public void A_program_stream_laid_out_in_advance_keeps_its_length_and_the_footage_before()
    {
        TimeRange[] truth = [Seconds("10:00:00", 10)];
        var plain = HikvisionProgramStream.File(truth, Shanghai);
        var shape = new HikvisionStreamShape(Length: 1 << 18) { Before = [new TimeRange(truth[0].From.AddDays(-20), truth[0].From.AddDays(-20).AddSeconds(30))] };
        var laidOut = HikvisionProgramStream.File(truth, Shanghai, shape);
        Assert.That(laidOut, Has.Length.EqualTo(1 << 18));
        Assert.That(laidOut.AsSpan(0, plain.Length).SequenceEqual(plain), Is.True);
        Assert.That(laidOut.AsSpan(plain.Length).IndexOf(new byte[] { 0, 0, 1, 0xBA }), Is.GreaterThan(0), "the older footage does not begin at a pack");
    }

    [Test]
    public void A_map_of_a_program_stream_states_the_recorders_clock()
    {
        var file = HikvisionProgramStream.File([Seconds("10:00:07", 2)], Shanghai);
        var descriptor = file.AsSpan(file.AsSpan().IndexOf("\u0040\u000EHK"u8));
        var packed = BinaryPrimitives.ReadUInt32BigEndian(descriptor[7..]);
        Assert.That(descriptor[6], Is.EqualTo(26));
        Assert.That((packed >> 28, packed >> 23 & 31, packed >> 18 & 31, packed >> 12 & 63, packed >> 6 & 63), Is.EqualTo((11u, 23u, 18u, 0u, 7u)));
    }

    [Test]
    public void A_ubv_file_begins_as_the_published_sample_does()
    {
        var file = UbvGenerator.File([Seconds("10:00:00", 2)]);
        // A partition's opening: sixteen bytes of head, twenty of data behind their size, forty by the back-size.
        Assert.That(file[..8], Is.EqualTo(new byte[] { 0xA0, 0x00, 0x09, 0xA9, 0xFD, 0x0C, 0x00, 0x00 }));
        Assert.That(Big(file, 16), Is.EqualTo(20));
        Assert.That(Big(file, 40), Is.EqualTo(40));
        // Behind it the clock, 28 bytes of it by its back-size.
        Assert.That(file[44..50], Is.EqualTo(new byte[] { 0xA0, 0xDA, 0x7E, 0x04, 0xFD, 0x02 }));
        Assert.That(Big(file, 72), Is.EqualTo(28));
    }

    [Test]
    public void Moments_of_a_ubv_file_agree_with_published_figures()
    {
        // A clock record at 1,139,129,710 ms that says 1,683,867,154,888 ms of UTC; a picture at 102,521,673,899 of 90 kHz is at 151,548,043,939,919.
        var shape = new UbvShape { Started = DateTimeOffset.FromUnixTimeMilliseconds(1_683_867_154_888 - 1_139_129_710) };
        Assert.That(UbvGenerator.Ticks(DateTimeOffset.FromUnixTimeMilliseconds(1_683_867_154_888), 1000, shape), Is.EqualTo(1_139_129_710));
        var picture = DateTimeOffset.UnixEpoch.AddTicks((long)((Int128)151_548_043_939_919 * TimeSpan.TicksPerSecond / 90_000));
        Assert.That(UbvGenerator.Ticks(picture, 90_000, shape), Is.EqualTo(102_521_673_899).Within(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Back_sizes_of_a_ubv_file_lead_from_its_end_to_its_beginning(bool isOpen)
    {
        var file = UbvGenerator.File([Seconds("10:00:00", 25), Seconds("10:05:00", 5)], new UbvShape(isOpen, ZerosAtEnd: 4096, HasSound: true));
        var end = UbvGenerator.File([Seconds("10:00:00", 25), Seconds("10:05:00", 5)], new UbvShape(HasSound: true)).Length;
        Assert.That(file.AsSpan(file.Length - 4096).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        var clocks = 0;
        while (end > 0)
        {
            end -= Big(file, end - 4) + 4;
            Assert.That(file[end], Is.EqualTo(0xA0));
            Assert.That(file[end] ^ file[end + 1] ^ file[end + 2], Is.EqualTo(file[end + 3]));
            clocks += file[end + 1] == 0xDA ? 1 : 0;
        }

        Assert.That(end, Is.Zero);
        Assert.That(clocks, Is.EqualTo(4), "one at the beginning of each range, and one every ten seconds");
    }

    [Test]
    public void A_hikvision_index_has_the_published_measures_and_keeps_what_is_stale()
    {
        var before = Enumerable.Range(0, 9).Select(i => Seconds($"0{i}:00:00", 60)).ToList();
        HikvisionFile[] files =
        [
            new(1, [Seconds("10:00:00", 600)]) { Before = before },
            new(2, [Seconds("11:00:00", 60), Seconds("11:01:00", 60)], IsOpen: true) { Before = before },
            new(1, []),
        ];
        var index = HikvisionIndexGenerator.Index(files);
        Assert.That(index, Has.Length.EqualTo(1280 + 3 * 32 + 3 * 256 * 80));
        Assert.That(Little(index, 12), Is.EqualTo(3u), "files");
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(index.AsSpan(24)), Is.EqualTo(0xFFFF), "channel 0 records into no file");
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(index.AsSpan(24 + 2 * 24)), Is.EqualTo(1), "channel 2 records into the second file");
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(index.AsSpan(24 + 2 * 24 + 2)), Is.EqualTo(2), "its segments");
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(index.AsSpan(1280 + 32 + 6)), Is.EqualTo(9), "the record of an open file is stale");
        var segments = index.AsSpan(1280 + 3 * 32);
        Assert.That(Little(segments, 8), Is.EqualTo((uint)files[0].Segments[0].From.ToUnixTimeSeconds()));
        Assert.That(Little(segments, 80 + 8), Is.EqualTo((uint)before[1].From.ToUnixTimeSeconds()), "not cleared");
    }

    [Test]
    public void A_tree_of_hikvision_has_its_indexes_and_its_files()
    {
        using var folder = new TemporaryFolder();
        var written = HikvisionIndexGenerator.Write(folder.Path, [new(0, [Seconds("10:00:00", 60)]), new(0, [])]);
        Assert.That(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder.Path, f)).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { "datadir0/hiv00000.mp4", "datadir0/hiv00001.mp4", "datadir0/index00.bin", "datadir0/index01.bin", "info.bin" }));
        Assert.That(File.ReadAllBytes(Path.Combine(written, "index00.bin")), Is.EqualTo(File.ReadAllBytes(Path.Combine(written, "index01.bin"))));
        Assert.That(HikvisionIndexGenerator.Info(), Has.Length.EqualTo(68));
    }

    [Test]
    public void A_recording_log_has_one_file_each_half_day_and_seven_bytes_a_second()
    {
        var truth = Seconds("11:59:58", 5);
        var files = RecLogGenerator.Files([truth], now: truth.To.AddSeconds(10));
        var noon = truth.From.AddSeconds(2).ToUnixTimeSeconds();
        Assert.That(files.Keys, Is.EqualTo(new[] { noon - 43_200, noon }));
        Assert.That(files[noon - 43_200], Has.Length.EqualTo(8 + 7 * 43_200));
        Assert.That(files[noon], Has.Length.EqualTo(8 + 7 * 13));
        Assert.That(files.Values.Sum(f => f.Count(b => b != 0)), Is.EqualTo(5));
        Assert.That(files[noon][8], Is.EqualTo(1));
    }

    static TimeRange Seconds(string from, int length) => new(FootageTree.At(from), FootageTree.At(from).AddSeconds(length));

    static int Big(byte[] bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));

    static uint Little(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}

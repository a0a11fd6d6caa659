using System.Buffers.Binary;
using System.Globalization;
using Agent.Probing.Files.Containers;
using Agent.Probing.Files.IndexFiles;
using Agent.Tests.Probing.Files.Containers;
using Agent.Tests.Probing.Files.IndexFiles;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files;

/// <summary>
/// Damaged files of every kind, many times over: no exception but the named failure, no byte beyond the file, no more work
/// than the budget. How many damages of each kind, RETENTION_MUTATIONS says; RETENTION_MUTATION_SEED varies them.
/// </summary>
sealed class MutationTests
{
    static readonly int Mutations = Setting("RETENTION_MUTATIONS", 4000);
    static readonly int Seed = Setting("RETENTION_MUTATION_SEED", 1);
    static readonly uint[] Extremes = [0, 1, 2, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    static readonly string[] Video = ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=2"];
    static readonly string[] Sound = ["-f", "lavfi", "-i", "sine=duration=2", "-c:a", "aac", "-b:a", "16k"];
    static readonly string[] X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-g", "5", "-pix_fmt", "yuv420p"];

    static readonly Dictionary<string, Func<byte[][]>> Kinds = new()
    {
        ["mp4"] = () => [Made("m-fast.mp4", [.. Video, .. Sound, .. X264, "-movflags", "+faststart"]), Made("m-end.mp4", [.. Video, .. X264, "-bf", "2"])],
        ["fragmented mp4"] = () =>
        [
            Made("m-frag.mp4", [.. Video, .. Sound, .. X264, "-movflags", "frag_keyframe+empty_moov"]),
            Made("m-dash.mp4", [.. Video, .. X264, "-movflags", "empty_moov+default_base_moof+dash+global_sidx", "-frag_duration", "100000"]),
            Made("m-behind.mp4", [.. Video, .. X264, "-movflags", "frag_keyframe"]),
        ],
        ["matroska"] = () =>
        [
            Made("m.mkv", [.. Video, .. Sound, .. X264]), Made("m-small.mkv", [.. Video, .. X264, "-cluster_time_limit", "300"]),
            Made("m-live.mkv", [.. Video, .. X264, "-live", "1", "-f", "matroska"]),
        ],
        ["transport stream"] = () => [Made("m.ts", [.. Video, .. Sound, .. X264]), Made("m.m2ts", [.. Video, .. X264, "-f", "mpegts", "-mpegts_m2ts_mode", "1"])],
        ["program stream"] = () => [Made("m.vob", [.. Video, "-r", "25", "-c:v", "mpeg2video", "-f", "vob"]), Made("m.mpg", [.. Video, "-r", "25", "-c:v", "mpeg1video", "-f", "mpeg"])],
        ["avi"] = () => [Made("m.avi", [.. Video, "-c:v", "mpeg4"]), Made("m-x.avi", [.. Video, .. Sound, .. X264])],
        ["dhav"] = () => [DhavBytes.Pictures(new DateTime(2026, 1, 1), Enumerable.Range(0, 60).Select(i => i * 40), media: 50)],
        ["ubv"] = () => [new UbvBytes().AddClock(DateTimeOffset.UnixEpoch.AddYears(50), 0).AddPictures(0, 60, 50).Content],
        ["long stream"] = () => [DhavBytes.Pictures(new DateTime(2026, 1, 1), Enumerable.Range(0, 1600).Select(i => i * 40 + (i > 900 ? 5000 : 0)), media: 250)],
    };

    static readonly Dictionary<string, (Func<byte[]> Content, Action<BoundedReader> Read)> Indexes = new()
    {
        ["hikvision index"] = (() => new HikvisionBytes(2).File(0, 1, (100, 200), (200, 300)).File(1, 1, (300, 400)).Open(0, 1, 1, 300).Content, reader => HikvisionIndexFile.Read(reader)),
        ["synology log"] = (() => SynologyRecLogTests.Log(1200, (100, 400), (800, 1200)), reader => SynologyRecLog.Read("/cam/@SSRECMETA/RecLog/1760011200", reader)),
    };

    static IEnumerable<string> KindNames => Kinds.Keys;

    static IEnumerable<string> IndexNames => Indexes.Keys;

    [TestCaseSource(nameof(KindNames))]
    public void A_damaged_recording_is_read_within_the_budget(string kind)
    {
        var worst = (Reads: 0, Bytes: 0L, Looks: 0);
        var mutations = kind == "long stream" ? Mutations / 10 : Mutations; // Of some hundred thousand bytes each.
        var states = new int[Enum.GetValues<ContainerState>().Length];
        Damage(Kinds[kind](), content =>
        {
            using var reader = new BoundedReader(content, CancellationToken.None);
            var reading = ContainerReader.Read(reader, default, CancellationToken.None);

            states[(int)reading.State]++;
            worst = (Math.Max(worst.Reads, reader.Reads), Math.Max(worst.Bytes, reader.BytesRead), Math.Max(worst.Looks, reader.Looks));
            if (reading.Duration < TimeSpan.Zero || !AreSound(reading.Holes, reading.Duration))
                throw new InvalidOperationException($"{reading}: {string.Join(", ", reading.Holes ?? [])}");
            AssertWithin(reader);
        }, mutations);
        TestContext.Out.WriteLine($"{mutations} times {kind}: {string.Join(", ", states.Select((n, i) => $"{(ContainerState)i} {n}"))}; at most {worst}");
    }

    [TestCaseSource(nameof(IndexNames))]
    public void A_damaged_index_is_read_within_the_budget(string kind)
    {
        var refused = 0;
        Damage([Indexes[kind].Content()], content =>
        {
            using var reader = new BoundedReader(content, CancellationToken.None);
            try
            {
                Indexes[kind].Read(reader);
            }
            catch (InvalidDataException)
            {
                refused++;
            }

            AssertWithin(reader);
        });
        TestContext.Out.WriteLine($"{Mutations} times {kind}: {refused} refused");
    }

    /// <summary>A database is opened by SQLite, file by file, which takes a thousand times as long.</summary>
    [Test]
    public void A_damaged_database_is_read_or_refused()
    {
        var refused = 0;
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.db");
        var mutations = Math.Max(100, Mutations / 40);
        Damage([MoonfireIndexStoreTests.Database()], content =>
        {
            File.WriteAllBytes(path, content.Span);
            try
            {
                MoonfireIndexStore.Read(path);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }, mutations);
        TestContext.Out.WriteLine($"{mutations} times database: {refused} refused");
        File.Delete(path);
        Assert.That(refused, Is.GreaterThan(0));
    }

    static void Damage(byte[][] originals, Action<ReadOnlyMemory<byte>> read, int? mutations = null)
    {
        var random = new Random(Seed);
        var contents = originals.Select(o => o.ToArray()).ToArray();
        for (var i = 0; i < (mutations ?? Mutations); i++)
        {
            var content = contents[i % contents.Length];
            var original = originals[i % contents.Length];
            for (var changes = random.Next(1, 6); changes > 0; changes--)
                Change(random, content);
            var length = random.Next(4) == 0 ? random.Next(1, content.Length) : content.Length;
            try
            {
                read(content.AsMemory(0, length));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"damage {i} of seed {Seed}, {length} of {content.Length} bytes", e);
            }

            original.CopyTo(content, 0);
        }
    }

    static void Change(Random random, byte[] content)
    {
        // Mostly in the headers, which stand at the start and the end; damage in the pictures says nothing.
        var at = random.Next(3) switch
        {
            0 => random.Next(0, Math.Min(1500, content.Length - 4)),
            1 => content.Length - 4 - random.Next(0, Math.Min(1500, content.Length - 4)),
            _ => random.Next(0, content.Length - 4),
        };
        switch (random.Next(5))
        {
            case 0:
                BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(at), Extremes[random.Next(Extremes.Length)]);
                break;
            case 1:
                BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(at), Extremes[random.Next(Extremes.Length)]);
                break;
            case 2:
                var from = random.Next(content.Length - 4);
                var count = Math.Min(random.Next(1, 200), content.Length - Math.Max(from, at));
                content.AsSpan(from, count).CopyTo(content.AsSpan(at));
                break;
            default:
                content[at + random.Next(4)] ^= (byte)(1 << random.Next(8));
                break;
        }
    }

    static bool AreSound(IReadOnlyList<MediaHole>? holes, TimeSpan duration)
    {
        var last = TimeSpan.Zero;
        foreach (var hole in holes ?? [])
        {
            if (hole.From < last || hole.To <= hole.From || hole.To > duration)
                return false;
            last = hole.To;
        }

        return holes is null or { Count: > 0 and <= MediaHoles.Most };
    }

    static void AssertWithin(BoundedReader reader)
    {
        if (reader.Reads > BoundedReader.MostReads || reader.BytesRead > BoundedReader.MostBytes || reader.Looks > BoundedReader.MostLooks + 1)
            throw new InvalidOperationException($"{reader.Reads} reads, {reader.BytesRead} bytes, {reader.Looks} looks");
    }

    static byte[] Made(string name, string[] arguments) => File.ReadAllBytes(SyntheticFootage.Make(name, arguments));

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}

using System.Buffers.Binary;
using Agent.Probing.Files.Containers;
using NUnit.Framework;
using static Agent.Tests.Probing.Files.Containers.Mp4Bytes;

namespace Agent.Tests.Probing.Files.Containers;

/// <summary>Whatever the bytes say: no exception, and no more work than the budget.</summary>
sealed class HostileContainersTests
{
    const int Mutations = 3000;
    const int MostChangesAtOnce = 6;
    static readonly uint[] Extremes = [0, 1, 2, 7, 8, 0x7F, 0x80, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    [TestCase("faststart-sound.mp4")]
    [TestCase("moov-at-end.mp4")]
    [TestCase("fragments-sound.mp4")]
    [TestCase("fragments-dash.mp4")]
    [TestCase("fragments-behind-samples.mp4")]
    [TestCase("h264-sound.ts")]
    [TestCase("timed.m2ts")]
    [TestCase("h264-sound.mkv")]
    [TestCase("live.mkv")]
    public void A_damaged_recording_costs_no_more_than_the_budget(string name)
    {
        var original = File.ReadAllBytes(Recipes.Make(name));
        var path = SyntheticFootage.Write(name, original);
        var random = new Random(20_170_501);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        for (var i = 0; i < Mutations; i++)
        {
            var changes = Enumerable.Range(0, random.Next(1, MostChangesAtOnce + 1)).Select(_ => Position(random, original.Length)).ToArray();
            foreach (var at in changes)
                RandomAccess.Write(file, Damage(random, original.AsSpan(at, 4)), at);
            var length = random.Next(4) == 0 ? random.Next(1, original.Length) : original.Length;

            using (var reader = new BoundedReader(file, length, CancellationToken.None))
            {
                var reading = ContainerReader.Read(reader, default, CancellationToken.None);

                if (reader.Reads > BoundedReader.MostReads || reader.BytesRead > BoundedReader.MostBytes || reading.Duration < TimeSpan.Zero)
                    Assert.Fail($"mutation {i}: {reading} in {reader.Reads} reads, {reader.BytesRead} bytes");
            }

            foreach (var at in changes)
                RandomAccess.Write(file, original.AsSpan(at, 4), at);
        }

        file.Dispose();
        File.Delete(path);
    }

    [TestCase("ftyp")]
    [TestCase("EBML")]
    [TestCase("G")]
    [TestCase("")]
    public void Random_bytes_behind_any_signature_are_survived(string signature)
    {
        var random = new Random(4711);
        for (var i = 0; i < 300; i++)
        {
            var content = new byte[random.Next(1, 40_000)];
            random.NextBytes(content);
            byte[] start = signature switch
            {
                "ftyp" => Ftyp,
                "EBML" => [0x1A, 0x45, 0xDF, 0xA3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
                _ => [],
            };
            start.AsSpan(0, Math.Min(start.Length, content.Length)).CopyTo(content);
            for (var at = 0; signature == "G" && at < content.Length; at += 188)
                content[at] = 0x47;

            Assert.That(Readings.ReadBytes(content).Duration, Is.GreaterThanOrEqualTo(TimeSpan.Zero));
        }
    }

    [Test]
    public void Tables_that_claim_billions_of_samples_take_neither_memory_nor_time()
    {
        byte[][] tables =
        [
            Box("stts", U32(0, 1, uint.MaxValue, 1)),
            Box("stsc", U32(0, 1, 1, uint.MaxValue, 1)),
            Box("stsz", U32(0, 1, uint.MaxValue)),
            Box("stco", U32(0, 1, 0)),
        ];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var endless = Readings.ReadBytes(Join(Ftyp, Box("moov", Track(1, "vide", Mdhd(1, 0), tables)), Claiming("mdat", uint.MaxValue)));

        Assert.That(endless.State, Is.EqualTo(ContainerState.Truncated)); // One byte each: they end with the file.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));

        tables[2] = Box("stsz", U32(0, 0, uint.MaxValue), new byte[400]);
        Assert.That(Readings.ReadBytes(Join(Ftyp, Box("moov", Track(1, "vide", Mdhd(1, 0), tables)), Claiming("mdat", 9))).Duration,
            Is.LessThanOrEqualTo(TimeSpan.FromSeconds(100)));
    }

    [Test]
    public void Boxes_nested_a_thousand_deep_or_leading_nowhere_end_the_walk()
    {
        var nested = Box("moov");
        for (var i = 0; i < 1000; i++)
            nested = Box("moov", nested);
        var still = Join([.. Enumerable.Repeat(Claiming("free", 8), 20_000)]);

        Assert.That(Readings.ReadBytes(Join(Ftyp, nested)).State, Is.EqualTo(ContainerState.Unreadable));
        Assert.That(Readings.ReadBytes(Join(Ftyp, still)).State, Is.EqualTo(ContainerState.NoEnd));
        Assert.That(Readings.ReadBytes(Join(Ftyp, Claiming("free", 4), still)).State, Is.EqualTo(ContainerState.NoEnd));
        Assert.That(Readings.ReadBytes(Join(Ftyp, ClaimingLarge("free", ulong.MaxValue), still)).State, Is.EqualTo(ContainerState.NoEnd));
    }

    [Test]
    public void Elements_of_endless_size_inside_each_other_end_the_walk()
    {
        byte[] unknown = [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        byte[] segment = [0x1A, 0x45, 0xDF, 0xA3, 0x80, 0x18, 0x53, 0x80, 0x67, .. unknown];
        byte[] cluster = [0x1F, 0x43, 0xB6, 0x75, .. unknown, 0xE7, 0x81, 0x00];

        Assert.That(Readings.ReadBytes(Join(segment, [.. Enumerable.Repeat(cluster, 50_000).SelectMany(c => c)])).Duration, Is.EqualTo(TimeSpan.Zero));
        Assert.That(Readings.ReadBytes(Join(segment, [.. Enumerable.Repeat(segment, 5_000).SelectMany(c => c)])).State, Is.EqualTo(ContainerState.NoEnd));
    }

    /// <summary>Clusters hidden inside one another's padding, so that every one found leads through all the rest.</summary>
    [Test]
    public void A_search_that_would_take_quadratic_time_is_given_up()
    {
        byte[] unknown = [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        byte[] start = [0x1A, 0x45, 0xDF, 0xA3, 0x80, 0x18, 0x53, 0x80, 0x67, .. unknown, 0x1F, 0x43, 0xB6, 0x75, .. unknown, 0xE7, 0x81, 0x00, 0xA3, 0x84, 0x81, 0, 0, 0];
        byte[] padded = [0xEC, 0x88, 0x1F, 0x43, 0xB6, 0x75, 0xFE, 0xE7, 0x81, 0x00];

        var reading = Readings.ReadBytes(Join(start, [.. Enumerable.Repeat(padded, 200_000).SelectMany(c => c)]));

        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.Zero));
    }

    /// <summary>Mostly in the headers, which stand at the start and the end; damage in the pictures says nothing.</summary>
    static int Position(Random random, int length) => random.Next(3) switch
    {
        0 => random.Next(0, Math.Min(3000, length - 4)),
        1 => Math.Max(0, length - 4 - random.Next(0, 3000)),
        _ => random.Next(0, length - 4),
    };

    static byte[] Damage(Random random, ReadOnlySpan<byte> bytes)
    {
        var damaged = bytes.ToArray();
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteUInt32BigEndian(damaged, Extremes[random.Next(Extremes.Length)]);
        else
            damaged[random.Next(4)] ^= (byte)(1 << random.Next(8));
        return damaged;
    }
}

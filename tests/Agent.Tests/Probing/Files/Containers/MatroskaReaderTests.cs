using System.Buffers.Binary;
using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

sealed class MatroskaReaderTests
{
    const uint Cluster = 0x1F43B675;
    const uint Segment = 0x18538067;

    [TestCase("many-clusters.mkv")]
    [TestCase("h264-sound.mkv")]
    [TestCase("ntsc-b-frames.mkv")]
    [TestCase("vp8.webm")]
    public void Clusters_of_unknown_size_are_found_from_the_end(string name)
    {
        var content = File.ReadAllBytes(Recipes.Make(name));
        ForgetSizes(content, Segment);
        ForgetSizes(content, Cluster);
        foreach (var share in new[] { 1.0, 0.8, 0.5 })
        {
            var path = SyntheticFootage.Write(name, content.AsSpan(0, (int)(content.Length * share)));
            var truth = SyntheticFootage.Span(path)!;

            var (reading, _, _) = Readings.Read(path);

            Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
            Assert.That(reading.Duration.TotalSeconds, Is.LessThanOrEqualTo(truth.SinceFirst + 0.002).And.GreaterThan(truth.SinceFirst - 0.3));
            File.Delete(path);
        }
    }

    [TestCase("h264-sound.mkv")]
    [TestCase("sound-runs-on.mkv")]
    public void Sound_that_runs_on_does_not_stand_in_for_pictures_even_without_the_writer_s_tags(string name)
    {
        var content = File.ReadAllBytes(Recipes.Make(name));
        for (var at = content.AsSpan().IndexOf("DURATION"u8); at >= 0; at = content.AsSpan().IndexOf("DURATION"u8))
            "ELSEWISE"u8.CopyTo(content.AsSpan(at));

        var reading = Readings.ReadBytes(content);

        Assert.That(reading.State, Is.EqualTo(ContainerState.Whole));
        Assert.That(reading.Duration.TotalSeconds, Is.EqualTo(6).Within(0.05));
    }

    [Test]
    public void A_file_cut_before_its_first_picture_has_no_end_yet()
    {
        var content = File.ReadAllBytes(Recipes.Make("h264.mkv"));
        var cluster = IndexOf(content, Cluster, 0);

        foreach (var length in new[] { 3 + 1, 20, 60, cluster, cluster + 10, cluster + 30 })
            Assert.That(Readings.ReadBytes(content.AsSpan(0, length)).State, Is.EqualTo(ContainerState.NoEnd), $"{length} bytes");
    }

    [Test]
    public void A_killed_writer_leaves_a_file_that_reaches_its_last_cluster()
    {
        var path = SyntheticFootage.MakeKilled(
            "killed.mkv", Recipes.Make("h264.ts"), 15_000, "-c", "copy", "-cluster_time_limit", "1000");
        var truth = SyntheticFootage.Span(path)!;

        var (reading, _, _) = Readings.Read(path);

        Assert.That(reading.State, Is.EqualTo(ContainerState.Open));
        Assert.That(reading.Duration.TotalSeconds, Is.EqualTo(truth.SinceFirst).Within(0.05));
    }

    static void ForgetSizes(byte[] content, uint id)
    {
        for (var at = IndexOf(content, id, 0); at >= 0; at = IndexOf(content, id, at + 4))
        {
            var length = System.Numerics.BitOperations.LeadingZeroCount((uint)content[at + 4]) - 23;
            content.AsSpan(at + 5, length - 1).Fill(0xFF);
            content[at + 4] = (byte)(0xFF >> length - 1);
        }
    }

    static int IndexOf(byte[] content, uint id, int from)
    {
        Span<byte> mark = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(mark, id);
        var found = content.AsSpan(from).IndexOf(mark);
        return found < 0 ? -1 : from + found;
    }
}

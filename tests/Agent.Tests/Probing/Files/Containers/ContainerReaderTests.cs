using System.Text;
using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

sealed class ContainerReaderTests
{
    [Test]
    public void A_file_without_bytes_is_empty()
    {
        var reading = Readings.ReadBytes([]);

        Assert.That(reading.State, Is.EqualTo(ContainerState.Empty));
        Assert.That(reading.Duration, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase("")]
    [TestCase("#EXTM3U\n#EXT-X-VERSION:7\n")]
    [TestCase("GG")]
    [TestCase("RIFF    WAVEfmt ")]
    public void What_is_no_container_we_know_is_unreadable_and_says_so(string start)
    {
        var reading = Readings.ReadBytes([.. Encoding.ASCII.GetBytes(start), .. new byte[5000]]);

        Assert.That(reading.State, Is.EqualTo(ContainerState.Unreadable));
        Assert.That(reading.Format, Is.EqualTo(ContainerFormat.None));
        Assert.That(reading.Detail, Is.Not.Empty);
    }

    [Test]
    public void A_file_that_cannot_be_read_is_unreadable_and_not_an_exception()
    {
        var path = SyntheticFootage.Write("closed.mp4", new byte[100]);
        var file = File.OpenHandle(path);
        file.Dispose();

        var reading = ContainerReader.Read(file, 100, CancellationToken.None);

        Assert.That(reading.State, Is.EqualTo(ContainerState.Unreadable));
        Assert.That(reading.Detail, Does.StartWith("could not be read"));
        File.Delete(path);
    }

    [Test]
    public void The_format_is_told_by_the_content_and_not_by_the_name()
    {
        var path = Recipes.Make("h264.mkv");
        var misnamed = Path.ChangeExtension(path, ".misnamed.mp4");
        File.Copy(path, misnamed, overwrite: true);

        Assert.That(Readings.Read(misnamed).Reading.Format, Is.EqualTo(ContainerFormat.Matroska));
    }

    [TestCase("faststart.mp4", 1)]
    [TestCase("faststart-sound.mp4", 3)]
    [TestCase("moov-at-end.mp4", 3)]
    [TestCase("h264-sound.mkv", 5)]
    [TestCase("h264.ts", 3)]
    [TestCase("fragments-many.mp4", 30)]
    public void An_ordinary_file_costs_few_reads(string name, int most)
    {
        var (_, reads, bytes) = Readings.Read(Recipes.Make(name));

        Assert.That(reads, Is.LessThanOrEqualTo(most));
        Assert.That(bytes, Is.LessThan(300_000));
    }
}

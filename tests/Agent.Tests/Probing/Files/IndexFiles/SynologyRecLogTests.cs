using Agent.Probing.Files.Containers;
using Agent.Probing.Files.IndexFiles;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.IndexFiles;

sealed class SynologyRecLogTests
{
    const long Epoch = 1_760_011_200;
    const string Path = "/volume1/surveillance/Front Door/@SSRECMETA/RecLog/1760011200";

    [Test]
    public void Every_run_of_recorded_seconds_is_footage()
    {
        var footage = Read(Path, Log(43_200, (0, 10), (20_000, 30_000), (43_199, 43_200)));

        Assert.That(footage.Select(f => (f.Camera, f.Range.From.ToUnixTimeSeconds() - Epoch, f.Range.To.ToUnixTimeSeconds() - Epoch, f.State == ListedState.Open)), Is.EqualTo(new[]
        {
            ("Front Door", 0L, 10L, false), ("Front Door", 20_000L, 30_000L, false), ("Front Door", 43_199L, 43_200L, false),
        }));
    }

    [Test]
    public void A_log_that_still_grows_ends_with_an_open_run()
    {
        var content = Log(600, (500, 600));

        Assert.That(Read(Path, content).Single().State == ListedState.Open, Is.True);
        Assert.That(Read(Path, content[..^3]).Single().Range.To.ToUnixTimeSeconds(), Is.EqualTo(Epoch + 599));
        Assert.That(Read(Path, Log(600, (500, 599))).Single().State == ListedState.Open, Is.False);
        Assert.That(Read(Path, Log(0)), Is.Empty);
    }

    [Test]
    public void A_length_no_half_day_has_is_refused()
    {
        Assert.That(() => Read(Path, new byte[7]), Throws.InstanceOf<InvalidDataException>());
        Assert.That(() => Read(Path, Log(43_201)), Throws.InstanceOf<InvalidDataException>());
    }

    [TestCase("cam/@SSRECMETA/RecLog/1760011200", true)]
    [TestCase(@"C:\rec\cam\@SSRECMETA\RecLog\1760011200", true)]
    [TestCase("cam/@SSRECMETA/RecLog/1760011201", false)]
    [TestCase("cam/@SSRECMETA/RecLog/1760011200.bak", false)]
    [TestCase("cam/RecLog/1760011200", false)]
    [TestCase("@SSRECMETA/RecLog/1760011200", false)]
    [TestCase("cam/@SSRECMETA/RecLog/0", false)]
    [TestCase("cam/@SSRECMETA/RecLog/99999999999999999999", false)]
    [TestCase("1760011200", false)]
    public void It_is_known_by_its_place_and_name(string path, bool isOne) => Assert.That(SynologyRecLog.Is(path), Is.EqualTo(isOne));

    internal static byte[] Log(int seconds, params (int From, int To)[] recorded)
    {
        var content = new byte[8 + 7 * seconds];
        foreach (var (from, to) in recorded)
        {
            for (var i = from; i < to; i++)
                content[8 + 7 * i] = 1;
        }

        return content;
    }

    static IReadOnlyList<ListedFootage> Read(string path, byte[] content)
    {
        using var reader = new BoundedReader(content, CancellationToken.None);
        return SynologyRecLog.Read(path, reader);
    }
}

using Agent.Cli;
using Agent.Probing.Files;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Cli;

sealed class ProgressPaceTests
{
    readonly FakeTimeProvider _time = new();

    [Test]
    public void Of_how_many_files_there_are_nothing_is_guessed()
    {
        var pace = new ProgressPace(_time);
        Assert.That(pace.Words(At(7)), Is.EqualTo("front, 7 files"), "no rate of the first moment");

        _time.Advance(TimeSpan.FromSeconds(75));
        Assert.That(pace.Words(At(150_000)), Is.EqualTo("front, 150,000 files, 2,000 a second, 0:01:15 so far"));
        Assert.That(pace.Words(new ProbeProgress(150_000, "x")), Is.EqualTo("150,000 files, 2,000 a second, 0:01:15 so far"));
    }

    [Test]
    public void What_is_left_is_told_as_soon_as_the_files_are_counted()
    {
        var pace = new ProgressPace(_time);
        _time.Advance(TimeSpan.FromSeconds(100));
        pace.Know(1_000_000);

        Assert.That(pace.Words(At(20_000)), Is.EqualTo("front, 20,000 of 1,000,000 files, 200 a second, about 1:21:40 left"));
        Assert.That(pace.Words(At(1_000_000)), Does.EndWith("about 0:00:00 left"));
        Assert.That(pace.Words(At(1_000_001)), Does.EndWith("so far"), "a count that was passed counts no more");
        Assert.That(pace.Words(At(0)), Is.EqualTo("front, 0 of 1,000,000 files, 0 a second, 0:01:40 so far"));
    }

    static ProbeProgress At(long files) => new(files, "front/x.mp4", path => path.Split('/')[0]);
}

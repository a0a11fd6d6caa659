using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

/// <summary>Units here are milliseconds.</summary>
sealed class MediaHolesTests
{
    [Test]
    public void A_stall_in_an_ordinary_recording_is_a_hole_from_the_end_of_its_last_picture() =>
        Assert.That(Of([.. Enumerable.Repeat(40UL, 100), 9_000, .. Enumerable.Repeat(40UL, 100)]), Is.EqualTo(new[] { Hole(4_040, 13_000) }));

    [Test]
    public void Pictures_that_keep_coming_half_a_minute_apart_are_a_pace_and_no_holes() =>
        Assert.That(Of([.. Enumerable.Repeat(30_000UL, 20)]), Is.Null);

    [Test]
    public void A_pace_is_known_one_by_one_as_in_one_run()
    {
        var run = new MediaHoles(1000);
        run.Steps(0, 30_000, 20);
        Assert.That(run.Within(TimeSpan.MaxValue), Is.Null);
    }

    [Test]
    public void A_few_even_stalls_are_no_pace() =>
        Assert.That(Of([.. Enumerable.Repeat(30_000UL, 7)]), Has.Count.EqualTo(7));

    [Test]
    public void A_stall_before_a_pace_stays_a_hole() =>
        Assert.That(Of([40, 100_000, .. Enumerable.Repeat(30_000UL, 20)]), Is.EqualTo(new[] { Hole(80, 100_040) }));

    [Test]
    public void Stalls_between_ordinary_pictures_are_no_pace_however_even() =>
        Assert.That(Of([.. Enumerable.Repeat<ulong[]>([40, 30_000], 20).SelectMany(s => s)]), Has.Count.EqualTo(20));

    [Test]
    public void More_than_a_minute_apart_is_no_pace() =>
        Assert.That(Of([.. Enumerable.Repeat(61_000UL, 20)]), Has.Count.EqualTo(20));

    static IReadOnlyList<MediaHole>? Of(ulong[] steps)
    {
        var holes = new MediaHoles(1000);
        var at = 0UL;
        foreach (var step in steps)
        {
            holes.Step(at, step);
            at += step;
        }

        return holes.Within(TimeSpan.MaxValue);
    }

    static MediaHole Hole(int from, int to) => new(TimeSpan.FromMilliseconds(from), TimeSpan.FromMilliseconds(to));
}

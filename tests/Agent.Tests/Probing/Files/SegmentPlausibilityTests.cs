using Agent.Probing.Files;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files;

sealed class SegmentPlausibilityTests
{
    const long Megabyte = 1_000_000;

    static readonly DateTimeOffset Now = FootageTree.Now;
    static readonly DateTimeOffset AnHourAgo = Now.AddHours(-1);

    [TestCase("2026-11-23T10:04:59Z", null)]
    [TestCase("2026-11-23T10:05:01Z", Implausibility.FromFuture)]
    [TestCase("2000-01-01T00:00:00Z", null)]
    [TestCase("1999-12-31T23:59:59Z", Implausibility.FromUnsetClock)]
    [TestCase("1970-01-01T00:00:00Z", Implausibility.FromUnsetClock)]
    [TestCase("9999-12-31T23:59:59Z", Implausibility.FromFuture)]
    public void Footage_begins_after_there_were_recorders_and_not_after_now(string start, object? expected) =>
        Assert.That(SegmentPlausibility.OfStart(DateTimeOffset.Parse(start, null), Now), Is.EqualTo(expected));

    [Test]
    public void Footage_is_not_longer_than_the_time_until_it_was_last_written()
    {
        // An hour of footage in a file that was left alone ten minutes after it began.
        Assert.That(Of(AnHourAgo, TimeSpan.FromMinutes(30), 20 * Megabyte, AnHourAgo.AddMinutes(10)), Is.EqualTo(Implausibility.LongerThanElapsed));
        // The writer's buffer and a clock a little off.
        Assert.That(Of(AnHourAgo, TimeSpan.FromMinutes(30), 20 * Megabyte, AnHourAgo.AddMinutes(26)), Is.Null);
    }

    [Test]
    public void A_copied_or_touched_file_is_as_plausible_as_before() =>
        Assert.That(Of(Now.AddDays(-9), TimeSpan.FromMinutes(30), 20 * Megabyte, Now), Is.Null);

    [TestCase(15, 899, Implausibility.ImpossibleBitrate)]
    [TestCase(15, 901, null)]
    [TestCase(5, 1000, null)]
    [TestCase(15, 900L * 126_000_000, Implausibility.ImpossibleBitrate)]
    [TestCase(15, 900L * 124_000_000, null)]
    [TestCase(0, 256_000_000, null)]
    public void Bytes_are_within_what_cameras_make(int minutes, long bytes, object? expected) =>
        Assert.That(Of(AnHourAgo, TimeSpan.FromMinutes(minutes), bytes, Now), Is.EqualTo(expected));

    [TestCase(25 * 3600 * 999L, Implausibility.ImpossibleBitrate)]
    [TestCase(25 * 3600 * 1001L, null)]
    public void A_file_of_more_than_a_day_has_the_bytes_a_still_scene_needs(long bytes, object? expected) =>
        Assert.That(Of(Now.AddHours(-30), TimeSpan.FromHours(25), bytes, Now), Is.EqualTo(expected));

    static Implausibility? Of(DateTimeOffset start, TimeSpan duration, long bytes, DateTimeOffset lastWritten) =>
        SegmentPlausibility.OfLength(start, duration, bytes, lastWritten);
}

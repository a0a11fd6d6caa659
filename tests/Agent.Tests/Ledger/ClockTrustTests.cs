using Agent.Evidence.Timelines;
using Agent.Ledger;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

/// <summary>
/// A made-up machine: real time goes on, its clock is set and its power fails. What comes of it is compared in days and seconds after
/// <see cref="Zero"/>.
/// </summary>
sealed class ClockTrustTests
{
    static readonly DateTimeOffset Zero = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan DailyLoss = TimeSpan.FromMinutes(30);

    readonly List<ClockStep> _steps = [];
    ClockReading _last = new(Zero, "boot-0", 0);

    [TestCase(-1)]
    [TestCase(1)]
    [TestCase(-60)]
    [TestCase(1800)]
    [TestCase(-1800)]
    public void A_small_step_costs_its_own_range(int seconds)
    {
        Pass(3600);
        Set(seconds);

        Assert.That(Trust().NothingBefore, Is.Null);
        Assert.That(Ranges(), Is.EqualTo(seconds > 0 ? new[] { (3600.0, 3600.0 + seconds) } : [(3600.0 + seconds, 3600.0)]));
    }

    [TestCase(1801)]
    [TestCase(-1801)]
    [TestCase(86400)]
    [TestCase(-86400)]
    [TestCase(365 * 86400)]
    [TestCase(-365 * 86400)]
    [TestCase(10 * 365 * 86400)]
    [TestCase(-10 * 365 * 86400)]
    public void A_large_step_leaves_nothing_before_it(int seconds)
    {
        Pass(3600);
        Set(seconds);
        Pass(86400);

        Assert.That((Trust().NothingBefore - Zero)?.TotalSeconds, Is.EqualTo(3600 + Math.Max(0, seconds)));
        Assert.That(Ranges(), Is.Empty);
    }

    [TestCase(86400)]
    [TestCase(-86400)]
    [TestCase(10 * 365 * 86400)]
    [TestCase(-10 * 365 * 86400)]
    [TestCase(60)]
    public void A_step_that_is_undone_costs_the_time_in_which_the_clock_was_wrong_twice(int seconds)
    {
        Pass(3600);
        Set(seconds);
        Pass(600);
        Set(-seconds);
        Pass(86400);

        Assert.That(Trust().NothingBefore, Is.Null);
        Assert.That(Ranges(), Is.EqualTo(RangeSet.Of([Range(3600, 4200), Range(3600 + seconds, 4200 + seconds)]).Select(Seconds)));
    }

    [Test]
    public void A_step_undone_in_two_is_undone()
    {
        Pass(3600);
        Set(86400);
        Pass(60);
        Set(-40000);
        Pass(60);
        Set(-46400);

        Assert.That(Trust().NothingBefore, Is.Null);
        Assert.That(Ranges(), Is.EqualTo(new[] { (3600.0, 3720.0), (50060.0, 50120.0), (90000.0, 90060.0) }));
    }

    [Test]
    public void A_step_half_undone_is_not()
    {
        Pass(3600);
        Set(86400);
        Pass(60);
        Set(-43200);

        Assert.That(Trust().NothingBefore, Is.EqualTo(Zero.AddSeconds(3600 + 60 + 86400)));
    }

    [Test]
    public void A_boot_with_an_empty_battery_costs_1970_and_the_time_until_the_clock_was_right()
    {
        Pass(3600);
        var off = Boot(down: 7200, wall: DateTimeOffset.UnixEpoch);
        Pass(300);
        Set((Zero.AddSeconds(3600 + 7200) - DateTimeOffset.UnixEpoch).TotalSeconds);

        Assert.That(off, Is.True);
        Assert.That(Trust().NothingBefore, Is.Null);
        Assert.That(Trust().Ranges, Is.EqualTo(new[] { new TimeRange(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(300)), Range(10800, 11100) }));
    }

    [Test]
    public void As_long_as_the_clock_is_in_1970_nothing_is_certain()
    {
        Pass(3600);
        Boot(down: 7200, wall: DateTimeOffset.UnixEpoch);
        Pass(300);

        Assert.That(Trust().NothingBefore, Is.EqualTo(Zero.AddSeconds(3600)));
        Assert.That(Trust().In(new TimeRange(Zero.AddDays(-30), Zero.AddSeconds(3600))).Length, Is.EqualTo(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(3600)));
    }

    [Test]
    public void A_clock_that_leaves_1970_for_a_time_before_the_last_good_one_is_not_right_again()
    {
        Pass(3600);
        Boot(down: 7200, wall: DateTimeOffset.UnixEpoch);
        Pass(300);
        Set((Zero.AddSeconds(3600) - DateTimeOffset.UnixEpoch).TotalSeconds - 400);

        Assert.That(Trust().NothingBefore, Is.EqualTo(Zero.AddSeconds(3600)));
    }

    [Test]
    public void A_step_is_not_undone_across_a_boot()
    {
        Pass(3600);
        Set(86400);
        Boot(down: 10, wall: Zero.AddSeconds(3610));

        Assert.That(Trust().NothingBefore, Is.EqualTo(Zero.AddSeconds(3600 + 86400)));
    }

    [TestCase("2026-03-29T00:59:59Z")]
    [TestCase("2026-10-25T00:59:59Z")]
    public void A_change_to_or_from_summer_time_is_no_step(string before)
    {
        // Europe moves its clocks then; what machines count in does not move.
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var (then, now) = (DateTimeOffset.Parse(before, System.Globalization.CultureInfo.InvariantCulture), DateTimeOffset.Parse(before, System.Globalization.CultureInfo.InvariantCulture).AddSeconds(2));
        Assert.That(zone.GetUtcOffset(then), Is.Not.EqualTo(zone.GetUtcOffset(now)));

        Assert.That(ClockStep.Between(new ClockReading(TimeZoneInfo.ConvertTime(then, zone), "b", 0), new ClockReading(TimeZoneInfo.ConvertTime(now, zone), "b", 2000)), Is.Null);
    }

    [Test]
    public void Without_steps_everything_is_certain() => Assert.That(Trust().In(Range(-86400, 86400)), Is.Empty);

    void Pass(double seconds) => Read(_last with { Wall = _last.Wall.AddSeconds(seconds), Monotonic = _last.Monotonic + (long)(seconds * 1000) });

    bool Set(double seconds) => Read(_last with { Wall = _last.Wall.AddSeconds(seconds) });

    bool Boot(double down, DateTimeOffset wall) => Read(new ClockReading(wall, $"boot-{down}", 0));

    bool Read(ClockReading now)
    {
        var step = ClockStep.Between(_last, now);
        if (step is not null)
            _steps.Add(step);
        _last = now;
        return step is not null;
    }

    ClockTrust Trust() => ClockTrust.Of(_steps, DailyLoss);

    List<(double From, double To)> Ranges() => [.. Trust().Ranges.Select(Seconds)];

    static (double From, double To) Seconds(TimeRange range) => ((range.From - Zero).TotalSeconds, (range.To - Zero).TotalSeconds);

    static TimeRange Range(double from, double to) => new(Zero.AddSeconds(from), Zero.AddSeconds(to));
}

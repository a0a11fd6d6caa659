using System.Globalization;
using Agent.Probing.Files.Layouts;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Layouts;

internal sealed class ZoneEvidenceTests
{
    const int Seed = 20261124;

    static readonly string[] Zones = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"];

    // A year around every change of clocks in the zones above.
    static readonly DateTimeOffset From = new(2026, 1, 10, 0, 7, 13, TimeSpan.Zero);

    [TestCaseSource(nameof(Zones))]
    public void A_zone_is_told_from_files_of_a_whole_year_and_every_other_is_contradicted_or_not_told(string id)
    {
        var evidence = ZoneEvidence.From(Recorded(Zone(id), From, TimeSpan.FromHours(11), 800));

        Assert.That(evidence.Speaks, Is.True);
        Assert.That(evidence.Explains(Zone(id)), Is.True);
        Assert.That(evidence.Contradicts(Zone(id)), Is.False);
        Assert.That(Zones.Where(other => evidence.Explains(Zone(other))), Is.EqualTo(new[] { id }));
        Assert.That(SameRules(evidence.Infer([])!, Zone(id)), Is.True, evidence.Infer([])!.Id);
    }

    [TestCase("Europe/Berlin", "2026-03-29T01:00:00Z")]
    [TestCase("Europe/Berlin", "2026-10-25T01:00:00Z")]
    [TestCase("America/New_York", "2026-03-08T07:00:00Z")]
    [TestCase("America/New_York", "2026-11-01T06:00:00Z")]
    [TestCase("Australia/Lord_Howe", "2026-04-04T15:00:00Z")]
    [TestCase("Australia/Lord_Howe", "2026-10-03T15:30:00Z")]
    public void A_day_on_which_the_clocks_change_does_not_contradict_its_zone(string id, string change)
    {
        var evidence = ZoneEvidence.From(Recorded(Zone(id), Instant(change).AddHours(-6), TimeSpan.FromMinutes(5), 144));

        Assert.That(evidence.Explains(Zone(id)), Is.True);
        Assert.That(evidence.Contradicts(Zone("UTC")), Is.True);
    }

    [TestCase("Europe/Berlin", "2026-10-25T00:00:00Z", 118)]
    [TestCase("Australia/Lord_Howe", "2026-04-04T14:30:00Z", 58)]
    public void Names_of_the_hour_that_comes_twice_fit_in_either_reading(string id, string first, int minutes) =>
        Assert.That(ZoneEvidence.From(Recorded(Zone(id), Instant(first), TimeSpan.FromMinutes(2), minutes / 2)).Explains(Zone(id)), Is.True);

    [Test]
    public void Names_of_the_hour_that_never_comes_are_of_another_zone()
    {
        var winter = TimeZoneInfo.CreateCustomTimeZone("w", TimeSpan.FromHours(1), "w", "w");
        var evidence = ZoneEvidence.From(Recorded(winter, Instant("2026-03-29T01:00:00Z"), TimeSpan.FromMinutes(2), 29));

        Assert.That(evidence.Contradicts(Zone("Europe/Berlin")), Is.True);
    }

    [Test]
    public void A_recorder_that_keeps_winter_time_all_year_contradicts_the_zone_of_the_site_in_summer()
    {
        var winter = TimeZoneInfo.CreateCustomTimeZone("w", TimeSpan.FromHours(1), "w", "w");
        var evidence = ZoneEvidence.From(Recorded(winter, Instant("2026-07-01T00:00:00Z"), TimeSpan.FromMinutes(10), 100));

        Assert.That(evidence.Contradicts(Zone("Europe/Berlin")), Is.True);
        Assert.That(evidence.Infer([Zone("Europe/Berlin")])?.Id, Is.EqualTo("Etc/GMT-1"));
    }

    [Test]
    public void Of_zones_that_explain_the_files_equally_the_likely_one_is_taken()
    {
        var evidence = ZoneEvidence.From(Recorded(Zone("Asia/Shanghai"), From, TimeSpan.FromMinutes(10), 100));

        Assert.That(evidence.Infer([Zone("Europe/Berlin"), Zone("Asia/Singapore"), Zone("Asia/Shanghai")])?.Id, Is.EqualTo("Asia/Singapore"));
    }

    [Test]
    public void Copied_files_say_nothing()
    {
        var random = new Random(Seed);
        var copied = Recorded(Zone("Asia/Shanghai"), From, TimeSpan.FromMinutes(10), 300)
            .Select((s, i) => s with { LastWritten = Instant("2026-11-24T08:00:00Z").AddSeconds(i + random.Next(2)) });

        var evidence = ZoneEvidence.From(copied);

        Assert.That(evidence.Speaks, Is.False);
        Assert.That(evidence.Explains(Zone("Asia/Shanghai")) || evidence.Contradicts(Zone("Asia/Shanghai")) || evidence.Contradicts(Zone("UTC")), Is.False);
        Assert.That(evidence.Infer([Zone("Asia/Shanghai")]), Is.Null);
        Assert.That(evidence.Words(), Does.Contain("copying"));
    }

    [Test]
    public void Files_written_at_any_time_say_nothing()
    {
        var random = new Random(Seed);
        for (var run = 0; run < 200; run++)
        {
            var evidence = ZoneEvidence.From(Recorded(Zone("Asia/Shanghai"), From, TimeSpan.FromMinutes(10), random.Next(3, 60))
                .Select(s => s with { LastWritten = s.LastWritten.AddSeconds(random.Next(-80_000, 80_000)) }).ToList());

            Assert.That(evidence.Speaks, Is.False, $"run {run}");
        }
    }

    [Test]
    public void Two_files_are_too_few_to_contradict_anybody()
    {
        Assert.That(ZoneEvidence.From(Recorded(Zone("Asia/Shanghai"), From, TimeSpan.FromHours(1), 2)).Contradicts(Zone("UTC")), Is.False);
        Assert.That(ZoneEvidence.From(Recorded(Zone("Asia/Shanghai"), From, TimeSpan.FromHours(1), 3)).Contradicts(Zone("UTC")), Is.True);
        Assert.That(ZoneEvidence.From([]).Speaks, Is.False);
    }

    [Test]
    public void Some_files_touched_later_do_not_hide_the_zone()
    {
        var touched = Recorded(Zone("Europe/Berlin"), From, TimeSpan.FromMinutes(10), 100).Select((s, i) => i % 7 == 0 ? s with { LastWritten = s.LastWritten.AddMinutes(407 + i) } : s);

        Assert.That(ZoneEvidence.From(touched).Explains(Zone("Europe/Berlin")), Is.True);
    }

    [Test]
    public void What_the_files_say_is_told_in_words()
    {
        Assert.That(ZoneEvidence.From(Recorded(Zone("Asia/Shanghai"), From, TimeSpan.FromHours(1), 9)).Words(), Is.EqualTo("9 of 9 files ended when their names' clock was 8:00 ahead of UTC"));
        Assert.That(ZoneEvidence.From(Recorded(Zone("America/New_York"), From, TimeSpan.FromHours(1), 4)).Words(), Is.EqualTo("4 of 4 files ended when their names' clock was 5:00 behind UTC"));
        Assert.That(ZoneEvidence.From([]).Words(), Does.Contain("no whole file"));
    }

    [Test]
    public void No_sample_throws()
    {
        DateTime[] clocks = [DateTime.MinValue, DateTime.MaxValue, new(1970, 1, 1), new(2026, 3, 29, 2, 30, 0)];
        TimeSpan[] lengths = [TimeSpan.MinValue, TimeSpan.Zero, TimeSpan.FromDays(2), TimeSpan.MaxValue];
        DateTimeOffset[] written = [DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue];
        var samples = from c in clocks from l in lengths from w in written select new ZoneSample(c, l, w);

        var evidence = ZoneEvidence.From([.. samples, .. samples, .. samples]);

        Assert.That(() => (evidence.Words(), evidence.Infer([]), Zones.Select(z => evidence.Contradicts(Zone(z))).ToList()), Throws.Nothing);
    }

    /// <summary>Files as a recorder in a zone leaves them: named when they begin, last written within seconds of their end.</summary>
    static IEnumerable<ZoneSample> Recorded(TimeZoneInfo zone, DateTimeOffset from, TimeSpan every, int count)
    {
        var random = new Random(Seed);
        for (var i = 0; i < count; i++)
        {
            var begin = from + every * i + TimeSpan.FromSeconds(random.Next(30));
            var length = TimeSpan.FromSeconds(random.Next(10, 3600));
            yield return new ZoneSample(DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(begin, zone).DateTime, DateTimeKind.Unspecified), length, begin + length + TimeSpan.FromSeconds(random.Next(-2, 20)));
        }
    }

    static bool SameRules(TimeZoneInfo one, TimeZoneInfo other) => Enumerable.Range(0, 365 * 24).All(h => one.GetUtcOffset(From.AddHours(h)) == other.GetUtcOffset(From.AddHours(h)));

    static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

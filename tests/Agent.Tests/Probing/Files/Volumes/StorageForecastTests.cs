using Agent.Evidence.Verdicts;
using Agent.Probing.Files.Volumes;
using Agent.Rounds;
using Agent.Tests.Rounds;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Volumes;

sealed class StorageForecastTests
{
    const long GiB = 1L << 30;

    static readonly DateTimeOffset Now = Reports.Now;

    [Test]
    public void A_volume_holds_its_room_over_what_is_written_a_day()
    {
        // 20 days of 10 GiB a day each of two cameras lie there, and 52 GiB are free: 452 GiB at 20 a day.
        var forecast = StorageForecast.Of("/srv", 52 * GiB, [Camera("a", 15, 10, 10, 20), Camera("b", 30, 10, 10, 20)], Now);
        Assert.That(forecast.BytesPerDay, Is.EqualTo(20d * GiB).Within(1));
        Assert.That(forecast.HoldsDays, Is.EqualTo(22.6).Within(0.001));
        Assert.That(forecast.Cameras.Select(c => c.DropsOn), Is.EqualTo(new DateTimeOffset?[] { null, Now }), "it never holds 30 days, and always 15");
    }

    /// <summary>The same reckoned day by day: write a day's bytes, drop the oldest day while there is no room, see how old the oldest is.</summary>
    [TestCase(10, 20, 40, 15, 200)]
    [TestCase(10, 14, 25, 15, 30)]
    [TestCase(8, 40, 20, 15, 100)]
    [TestCase(10, 11, 16, 15, 0)]
    public void The_day_a_camera_drops_under_its_days_is_the_one_a_recorder_that_overwrites_would_drop_under_them(int before, int now, int keptDays, int required, int free)
    {
        var recentDays = 3;
        var lying = new Queue<double>(Enumerable.Repeat((double)before, keptDays - recentDays).Concat(Enumerable.Repeat((double)now, recentDays)));
        var room = free + lying.Sum();
        var forecast = StorageForecast.Of("/srv", free * GiB, [Camera("a", required, before, now, keptDays)], Now);
        int? dropped = null;
        for (var day = 1; day <= 60 && dropped is null; day++)
        {
            lying.Enqueue(now);
            while (lying.Sum() > room)
                lying.Dequeue();
            if (lying.Count < required)
                dropped = day;
        }

        if (dropped is null)
            Assert.That(forecast.Cameras[0].DropsOn, Is.Null);
        else
            Assert.That((forecast.Cameras[0].DropsOn!.Value - Now).TotalDays, Is.EqualTo(dropped.Value).Within(3.01), "to the days whose rate is already the new one");
    }

    [Test]
    public void Nothing_is_foretold_from_a_few_hours()
    {
        var forecast = StorageForecast.Of("/srv", GiB, [new CameraStorage("r", "a", 15, GiB, TimeSpan.FromHours(2), GiB, TimeSpan.FromHours(2))], Now);
        Assert.That((forecast.BytesPerDay, forecast.HoldsDays, forecast.Cameras[0].DropsOn), Is.EqualTo(((double?)null, (double?)null, (DateTimeOffset?)null)));
    }

    [Test]
    public void Recorders_on_one_volume_share_it_and_others_do_not()
    {
        var storage = RecorderStorage.Of([Result("one", "/srv", GiB * 100), Result("two", "/srv", GiB * 100), Result("three", "/mnt", GiB * 100), Result("nowhere", null, 0)]);
        Assert.That(storage.Select(s => (s.Recorder, Rate: Math.Round(s.BytesPerDay!.Value / GiB))), Is.EqualTo(new[] { ("one", 20d), ("three", 10d), ("two", 20d) }));
    }

    [Test]
    public void A_camera_whose_volume_is_too_small_is_a_finding_without_a_name_and_a_sentence_with_one()
    {
        var storage = RecorderStorage.Of([Result("one", "/srv", 13 * GiB)]).Single();
        var finding = storage.FindingOf("front_door", Reports.Hangzhou)!;
        Assert.That(finding.Code, Is.EqualTo(FindingCode.StorageTooSmall));
        Assert.That(finding.Measure, Does.StartWith("at this rate the volume holds 11.3 of 15 d; under 15 d from 2026-").And.Not.Contain("front_door").And.Not.Contain("/srv"));
        Assert.That(StorageWords.Sentence(storage), Is.EqualTo("one: ext4 at /srv, 13.0 GiB of 200.0 GiB free, 10.0 GiB written a day; at this rate the volume holds 11.3 days"));
        Assert.That(StorageWords.Drops(storage, Reports.Hangzhou), Has.One.StartsWith("front_door drops under 15 days on 2026-11-"));
    }

    static CameraStorage Camera(string name, int required, int beforePerDay, int nowPerDay, int days) =>
        new("r", name, required, (beforePerDay * (days - 3) + nowPerDay * 3) * GiB, TimeSpan.FromDays(days), nowPerDay * 3 * GiB, TimeSpan.FromDays(3));

    static RoundResult Result(string recorder, string? point, long free)
    {
        var footage = Reports.Footage("front_door", 10) with { Bytes = 100 * GiB, RecentBytes = 30 * GiB };
        var outcome = Reports.Saw(footage) with
        {
            Recorder = recorder,
            Volume = point is null ? null : new VolumeReading { State = VolumeState.Present, Point = point, FileSystem = "ext4", Kind = VolumeKind.Local, CapacityBytes = 200 * GiB, FreeBytes = free },
        };
        return new RoundResult(outcome, [.. Reports.Judge(Reports.Recorder(), outcome).Select(c => c with { Recorder = recorder })]);
    }
}

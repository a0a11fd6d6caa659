using System.Text;
using Agent.Ledger;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

/// <summary>What the ledger writes down about the clock of its machine.</summary>
sealed class LedgerClockTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    readonly LedgerFixture _fixture = new();
    readonly SteppedClock _clock = new(Start);

    [TestCase(-10 * 365 * 86400.0)]
    [TestCase(-86400.0)]
    [TestCase(-1.0)]
    [TestCase(1.0)]
    [TestCase(60.0)]
    [TestCase(10 * 365 * 86400.0)]
    public void A_step_is_written_before_the_entry_that_meets_it(double seconds)
    {
        Note();
        _clock.Pass(TimeSpan.FromSeconds(5), wall: TimeSpan.FromSeconds(5 + seconds));
        Note();

        var step = _fixture.Entries()[1];
        Assert.That(_fixture.Entries().Select(e => e.Type), Is.EqualTo(new[] { "note", "clock-step", "note" }));
        Assert.That(Encoding.UTF8.GetString(step.Body.Span), Is.EqualTo($$"""{"stepMilliseconds":{{(long)(seconds * 1000)}},"from":"2026-11-23T10:00:05.000Z","sameBoot":true}"""));
        Assert.That(_fixture.Ledger.Read.ClockSteps().Single().Size, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        Assert.That(_fixture.Ledger.Read.Check().Fault, Is.Null);
    }

    [TestCase(5, 0.5)]
    [TestCase(86400, 43)]
    [TestCase(86400, -43)]
    public void A_clock_that_drifts_as_clocks_do_is_no_step(int elapsed, double off)
    {
        Note();
        _clock.Pass(TimeSpan.FromSeconds(elapsed), wall: TimeSpan.FromSeconds(elapsed + off));
        Note();

        Assert.That(_fixture.Ledger.Read.ClockSteps(), Is.Empty);
    }

    [Test]
    public void After_a_boot_an_earlier_clock_is_a_step_and_a_later_one_is_not()
    {
        Note();
        _clock.Pass(TimeSpan.Zero, wall: TimeSpan.FromDays(3));
        Note("second");
        _clock.Pass(TimeSpan.Zero, wall: TimeSpan.FromDays(-60 * 365));
        Note("third");

        var step = _fixture.Ledger.Read.ClockSteps().Single();
        Assert.That((step.SameBoot, step.From, step.To.Boot), Is.EqualTo((false, Start.AddDays(3), "third")));
    }

    [Test]
    public void Noting_the_clock_writes_only_what_happened()
    {
        Note();
        using var ledger = LedgerStore.Open(_fixture.Folder.Path, _fixture.Identity, _clock, "first");
        ledger.NoteClock();
        Assert.That(ledger.Read.Head.Seq, Is.EqualTo(1));

        _clock.Pass(TimeSpan.Zero, wall: TimeSpan.FromHours(1));
        ledger.NoteClock();
        ledger.NoteClock();

        Assert.That(_fixture.Entries().Select(e => e.Type), Is.EqualTo(new[] { "note", "clock-step" }));
    }

    [Test]
    public void A_monotonic_clock_that_runs_backwards_within_a_boot_is_a_fault()
    {
        Note();
        using (var ledger = LedgerStore.Open(_fixture.Folder.Path, _fixture.Identity, new SteppedClock(Start.AddMilliseconds(-400)), "first"))
            ledger.Append("note", LedgerFixture.Body());
        Assert.That(_fixture.Ledger.Read.Check().Fault, Is.Null);

        _clock.Pass(TimeSpan.FromMilliseconds(200), wall: TimeSpan.FromMilliseconds(200));
        Note();
        using (var ledger = LedgerStore.Open(_fixture.Folder.Path, _fixture.Identity, new SteppedClock(Start), "first"))
            ledger.Append("note", LedgerFixture.Body());

        Assert.That(_fixture.Ledger.Read.Check().Fault, Does.Contain("seq 4").And.Contain("monotonic clock runs backwards"));
    }

    public void Dispose() => _fixture.Dispose();

    void Note(string boot = "first")
    {
        using var ledger = LedgerStore.Open(_fixture.Folder.Path, _fixture.Identity, _clock, boot);
        ledger.Append("note", LedgerFixture.Body());
    }
}

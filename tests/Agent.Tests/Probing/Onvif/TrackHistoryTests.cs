using Agent.Evidence.Timelines;
using Agent.Probing.Onvif;
using NUnit.Framework;

namespace Agent.Tests.Probing.Onvif;

internal sealed class TrackHistoryTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
    static readonly TimeRange Asked = new(Start, Start.AddMinutes(100));

    // "=": how it stood at the start; "+": footage begins, "-": ends, at so many minutes.
    [TestCase("=1", "0-100", "")]
    [TestCase("=0", "", "")]
    [TestCase("", "", "0-100", TestName = "Without a word nothing is known")]
    [TestCase("=0 +10 -20 +30", "10-20 30-100", "")]
    [TestCase("=1 -20 +30 -40", "0-20 30-40", "")]
    [TestCase("+10 -20", "10-20", "0-10", TestName = "Before the first event nobody said how it stood")]
    [TestCase("-20 +30", "30-100", "0-20", TestName = "An end without a beginning leaves the time before unknown")]
    [TestCase("=0 -20 +10", "10-20", "", TestName = "The order in which they come does not matter")]
    [TestCase("=0 +10 -50 +50 -90", "10-90", "", TestName = "An end and a beginning at the same time are a roll")]
    [TestCase("=0 +10 +50 -50 -90", "10-90", "", TestName = "A roll is one in either order")]
    [TestCase("=0 +50 -50 -90", "50-90", "", TestName = "A beginning and a piece of no length before it")]
    [TestCase("=0 +50 -50 +90", "90-100", "", TestName = "A piece of no length")]
    [TestCase("=0 +50 -50", "", "50-100", TestName = "Both at once and nothing after leave it open")]
    [TestCase("=1 +50 -90", "50-90", "0-50", TestName = "A beginning where it had begun means that an end was lost")]
    [TestCase("=0 +10 +50 -90", "50-90", "10-50", TestName = "Two beginnings, as after a loss of power, leave what lies between unknown")]
    [TestCase("=0 +10 -50 -90", "10-50", "50-90", TestName = "Two ends leave what lies between unknown")]
    [TestCase("=0 =1 -20 +30 -40", "30-40", "0-20", TestName = "A start said both ways is not known")]
    [TestCase("=0 -5 -5", "", "0-5", TestName = "The same event told twice counts once")]
    [TestCase("=1 -150 +110", "0-100", "", TestName = "What lies after the time asked about says nothing")]
    [TestCase("+-10 -20", "0-20", "", TestName = "An event before the time asked about tells how it stood")]
    public void Events_make(string events, string recorded, string unseen)
    {
        var history = TrackHistory.Of(Events(events), Asked, isComplete: true);

        Assert.That((Text(history.Recorded), Text(history.Unseen)), Is.EqualTo((recorded, unseen)));
    }

    [TestCase("=0 +10 -20 +30", "10-20", "30-100", TestName = "Up to the last event it is believed")]
    [TestCase("=0 +30 -20", "", "0-100", TestName = "Out of order nothing is")]
    [TestCase("=1", "", "0-100", TestName = "How it stood at the start says nothing of later")]
    public void Events_that_were_not_told_to_the_end_make(string events, string recorded, string unseen)
    {
        var history = TrackHistory.Of(Events(events), Asked, isComplete: false);

        Assert.That((Text(history.Recorded), Text(history.Unseen)), Is.EqualTo((recorded, unseen)));
    }

    [Test]
    public void Footage_of_any_track_is_footage_and_only_what_all_deny_is_absent()
    {
        var union = TrackHistory.Union([TrackHistory.Of(Events("=0 +10 -20"), Asked, true), TrackHistory.Of(Events("+15 -40"), Asked, true)]);

        Assert.That((Text(union.Recorded), Text(union.Unseen)), Is.EqualTo(("10-40", "0-10")));
    }

    [Test]
    public void Random_histories_come_back_whatever_the_order_of_their_events()
    {
        var random = new Random(5);
        for (var run = 0; run < 500; run++)
        {
            var minutes = Enumerable.Range(1, 98).Where(_ => random.Next(6) == 0).ToList();
            var begins = random.Next(2) == 0;
            var state = begins;
            var events = new List<TrackEvent> { new("r", "v", Start, begins, true) };
            var truth = new List<TimeRange>();
            var from = Start;
            foreach (var at in minutes.Select(m => Start.AddMinutes(m)))
            {
                if (state)
                    truth.Add(new TimeRange(from, at));
                if (state && random.Next(3) == 0) // rolls
                    events.AddRange([new("r", "v", at, true, false), new("r", "v", at, false, false)]);
                else
                    events.Add(new TrackEvent("r", "v", at, state = !state, false));
                from = at;
            }

            if (state)
                truth.Add(new TimeRange(from, Asked.To));
            var shuffled = events.ToArray();
            random.Shuffle(shuffled);

            var history = TrackHistory.Of(shuffled, Asked, isComplete: true);
            Assert.That((Text(history.Recorded), Text(history.Unseen)), Is.EqualTo((Text(RangeSet.Of(truth)), "")), $"run {run}");
        }
    }

    static List<TrackEvent> Events(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(e => e[0] == '='
            ? new TrackEvent("r", "v", Start, e[1] == '1', true)
            : new TrackEvent("r", "v", Start.AddMinutes(int.Parse(e.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)), e[0] == '+', false)),
    ];

    static string Text(RangeSet ranges) => string.Join(' ', ranges.Select(r => $"{(r.From - Start).TotalMinutes:0.#}-{(r.To - Start).TotalMinutes:0.#}"));
}

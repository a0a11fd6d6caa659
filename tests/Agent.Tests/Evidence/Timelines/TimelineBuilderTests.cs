using Agent.Evidence.Timelines;
using CsCheck;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Timelines;

internal sealed class TimelineBuilderTests
{
    const int Seconds = 400;

    static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly TimeRange Window = At(0, Seconds);

    [Test]
    public void Segments_two_seconds_apart_are_one_run_and_three_seconds_apart_are_two()
    {
        var timeline = Build(Seen("nvr", Basis.Measured, At(0, 10), At(12, 20), At(23, 30)));
        Assert.That(timeline.In(SpanState.Recorded), Is.EqualTo(new[] { At(0, 20), At(23, 30) }));
    }

    [Test]
    public void What_could_not_be_looked_at_is_unknown_and_not_a_gap()
    {
        var timeline = Build(Seen("nvr", Basis.Measured, At(0, 100)) with { Unseen = RangeSet.Of([At(100, 150)]) });
        Assert.Multiple(() =>
        {
            Assert.That(timeline.In(SpanState.Unknown), Is.EqualTo(new[] { At(100, 150) }));
            Assert.That(timeline.In(SpanState.Gap), Is.EqualTo(new[] { At(150, Seconds) }));
        });
    }

    [Test]
    public void Everything_after_the_look_is_unknown()
    {
        var timeline = Build(Seen("nvr", Basis.Measured, At(0, 100)) with { LookedAt = Start.AddSeconds(300) });
        Assert.That(timeline.In(SpanState.Unknown), Is.EqualTo(new[] { At(300, Seconds) }));
    }

    [Test]
    public void Without_any_observation_nothing_is_known() =>
        Assert.That(Build().In(SpanState.Unknown), Is.EqualTo(new[] { Window }));

    [Test]
    public void A_claim_of_bounds_leaves_the_time_between_them_unknown()
    {
        var timeline = Build(Seen("nvr", Basis.Claimed, At(100, 400)));
        Assert.Multiple(() =>
        {
            Assert.That(timeline.In(SpanState.Unknown), Is.EqualTo(new[] { At(100, 400) }));
            Assert.That(timeline.In(SpanState.Recorded), Is.Empty);
        });
    }

    [Test]
    public void Of_one_recorder_the_stronger_basis_decides_and_the_omission_is_told()
    {
        var timeline = TimelineBuilder.Build(
            Window, [Seen("nvr", Basis.Listed, At(0, 50)), Seen("nvr", Basis.Measured, At(0, 100))], RangeSet.Empty, out var disagreements);
        Assert.Multiple(() =>
        {
            Assert.That(timeline.In(SpanState.Recorded), Is.EqualTo(new[] { At(0, 100) }));
            Assert.That(disagreements.Single(), Is.EqualTo(new Disagreement("nvr", At(50, 100), TimeSpan.FromSeconds(50), EqualBases: false)));
        });
    }

    [Test]
    public void Equal_bases_of_one_recorder_that_disagree_make_unknown_and_a_disagreement()
    {
        var timeline = TimelineBuilder.Build(
            Window, [Seen("nvr", Basis.Listed, At(0, 50)), Seen("nvr", Basis.Listed, At(0, 100))], RangeSet.Empty, out var disagreements);
        Assert.Multiple(() =>
        {
            Assert.That(timeline.In(SpanState.Recorded), Is.EqualTo(new[] { At(0, 50) }));
            Assert.That(timeline.In(SpanState.Unknown), Is.EqualTo(new[] { At(50, 100) }));
            Assert.That(disagreements.Single().EqualBases, Is.True);
        });
    }

    [Test]
    public void A_weaker_witness_cannot_settle_what_stronger_ones_dispute()
    {
        var timeline = Build(Seen("nvr", Basis.Measured, At(0, 50)), Seen("nvr", Basis.Measured, At(0, 100)), Seen("nvr", Basis.Listed, At(0, 100)));
        Assert.That(timeline.In(SpanState.Unknown), Is.EqualTo(new[] { At(50, 100) }));
    }

    [Test]
    public void Independent_recorders_of_a_camera_are_united()
    {
        var timeline = Build(Seen("nvr", Basis.Measured, At(0, 100)), Seen("card", Basis.Listed, At(90, 200)));
        Assert.That(timeline.In(SpanState.Recorded), Is.EqualTo(new[] { At(0, 200) }));
    }

    [Test]
    public void A_gap_needs_every_recorder_of_the_camera_to_have_been_looked_at()
    {
        var timeline = Build(Seen("nvr", Basis.Measured, At(0, 100)), Seen("card", Basis.Measured, At(0, 50)) with { Looked = At(0, 150) });
        Assert.Multiple(() =>
        {
            Assert.That(timeline.In(SpanState.Gap), Is.EqualTo(new[] { At(100, 150) }));
            Assert.That(timeline.In(SpanState.Unknown), Is.EqualTo(new[] { At(150, Seconds) }));
        });
    }

    [Test]
    public void A_recorder_whose_clock_is_ahead_is_corrected()
    {
        var timeline = Build(Seen("nvr", Basis.Measured, At(60, 120)) with { ClockOffset = TimeSpan.FromSeconds(60) });
        Assert.That(timeline.In(SpanState.Recorded), Is.EqualTo(new[] { At(0, 60) }));
    }

    [Test]
    public void Time_outside_the_schedule_is_neither_gap_nor_footage()
    {
        var timeline = TimelineBuilder.Build(Window, [Seen("nvr", Basis.Measured, At(0, 100))], RangeSet.Of([At(50, 200)]), out _);
        Assert.Multiple(() =>
        {
            Assert.That(timeline.In(SpanState.NotScheduled), Is.EqualTo(new[] { At(50, 200) }));
            Assert.That(timeline.In(SpanState.Recorded), Is.EqualTo(new[] { At(0, 50) }));
            Assert.That(timeline.In(SpanState.Gap), Is.EqualTo(new[] { At(200, Seconds) }));
        });
    }

    [Test]
    public void Every_instant_has_the_state_a_second_by_second_model_gives_it() =>
        Observations.Sample(observations =>
        {
            var timeline = Build([.. observations]);
            var whole = timeline.Spans.Aggregate(Start, (at, span) => span.Range.From == at && !span.Range.IsEmpty ? span.Range.To : Start.AddYears(1));
            return whole == Window.To && Naive(observations).Select((state, i) => (state, i))
                .All(s => timeline.Spans.Single(span => span.Range.Contains(Start.AddSeconds(s.i))).State == s.state);
        }, iter: 10_000);

    // Everything lies on multiples of ten seconds, so that joins of two seconds play no part here; they have their own test.
    static readonly Gen<TimeRange> Range = Gen.Select(Gen.Int[0, Seconds / 10 - 1], Gen.Int[1, 15], (from, length) => At(from * 10, Math.Min(Seconds, (from + length) * 10)));

    static readonly Gen<Observation> One = Gen.Select(Gen.OneOfConst("nvr", "card"), Gen.OneOfConst(Basis.Claimed, Basis.Listed, Basis.Measured), Range, Range.Array[0, 5], Range.Array[0, 1], Gen.Int[0, Seconds / 10],
        (recorder, basis, looked, recorded, unseen, lookedAt) => new Observation
        {
            Recorder = recorder, Camera = "c", Basis = basis, Looked = looked, Recorded = RangeSet.Of(recorded), Unseen = RangeSet.Of(unseen), LookedAt = Start.AddSeconds(lookedAt * 10),
        });

    static readonly Gen<Observation[]> Observations = One.Array[0, 4];

    static IEnumerable<SpanState> Naive(Observation[] observations)
    {
        for (var i = 0; i < Seconds; i++)
        {
            var instant = Start.AddSeconds(i);
            var recorders = observations.GroupBy(o => o.Recorder).Select(g => NaiveRecorder(g, instant)).ToList();
            yield return recorders.Contains(SpanState.Recorded) ? SpanState.Recorded
                : recorders.Count == 0 || recorders.Contains(SpanState.Unknown) ? SpanState.Unknown
                : SpanState.Gap;
        }
    }

    static SpanState NaiveRecorder(IEnumerable<Observation> observations, DateTimeOffset instant)
    {
        foreach (var basis in (Basis[])[Basis.Measured, Basis.Listed, Basis.Claimed])
        {
            bool saw = false, sawNothing = false, claimed = false;
            foreach (var o in observations.Where(o => o.Basis == basis && o.Looked.Contains(instant) && instant < o.LookedAt))
            {
                var footage = o.Recorded.Contains(instant);
                saw |= footage && basis != Basis.Claimed;
                claimed |= footage && basis == Basis.Claimed;
                sawNothing |= !footage && !o.Unseen.Contains(instant);
            }
            if (saw || sawNothing)
                return saw && sawNothing || claimed ? SpanState.Unknown : saw ? SpanState.Recorded : SpanState.Gap;
        }
        return SpanState.Unknown;
    }

    static Timeline Build(params Observation[] observations) => TimelineBuilder.Build(Window, observations, RangeSet.Empty, out _);

    static Observation Seen(string recorder, Basis basis, params TimeRange[] recorded) => new()
    {
        Recorder = recorder, Camera = "front_door", Basis = basis, Looked = Window, Recorded = RangeSet.Of(recorded), LookedAt = Window.To,
    };

    static TimeRange At(int from, int to) => new(Start.AddSeconds(from), Start.AddSeconds(to));
}

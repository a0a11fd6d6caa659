namespace Agent.Evidence.Timelines;

/// <summary>Turns the observations of one camera into its timeline. Witness rules: blueprint of the measurement, "Witnesses".</summary>
public static class TimelineBuilder
{
    /// <summary>Segments at most this far apart are one run. Fixed by the format; an auditor can only choose coarser.</summary>
    public static readonly TimeSpan Join = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Builds the timeline of <paramref name="window"/>. Of one recorder the stronger basis decides and equal ones that disagree
    /// make Unknown; recorders are independent of each other, and footage on any of them is footage.
    /// </summary>
    /// <param name="window">The time to speak of, on our clock.</param>
    /// <param name="observations">Observations of one camera, of any number of recorders.</param>
    /// <param name="notScheduled">Time outside the recording schedule.</param>
    /// <param name="disagreements">What the witnesses of a recorder disagree about.</param>
    public static Timeline Build(
        TimeRange window, IEnumerable<Observation> observations, RangeSet notScheduled, out IReadOnlyList<Disagreement> disagreements)
    {
        var found = new List<Disagreement>();
        var recorders = observations.GroupBy(o => o.Recorder, StringComparer.Ordinal).Select(g => Witness(window, g, found)).ToList();
        disagreements = found;

        var recorded = RangeSet.Of(recorders.SelectMany(r => r.Recorded), Join);
        // An instant is a gap only when every recorder that holds this camera was looked at there.
        var looked = recorders.Count == 0 ? RangeSet.Empty : recorders.Select(r => r.Known).Aggregate((a, b) => a.Intersect(b));
        return Timeline.Of(window, recorded, looked.Complement(window), notScheduled);
    }

    static Testimony Witness(TimeRange window, IGrouping<string, Observation> observations, List<Disagreement> disagreements)
    {
        RangeSet recorded = RangeSet.Empty, gap = RangeSet.Empty, decided = RangeSet.Empty;
        foreach (var level in observations.GroupBy(o => o.Basis).OrderByDescending(g => g.Key))
        {
            RangeSet saw = RangeSet.Empty, sawNothing = RangeSet.Empty, claimed = RangeSet.Empty;
            foreach (var o in level)
            {
                var looked = RangeSet.Of([o.Looked.Shift(-o.ClockOffset).Intersect(new TimeRange(window.From, Later(window.From, o.LookedAt)))]).Clip(window);
                var footage = RangeSet.Of(o.Recorded, Join).Shift(-o.ClockOffset).Intersect(looked);
                sawNothing = sawNothing.Union(looked.Except(footage).Except(o.Unseen.Shift(-o.ClockOffset)));
                if (o.Basis == Basis.Claimed)
                    claimed = claimed.Union(footage); // bounds only: what lies between them nobody has seen
                else
                    saw = saw.Union(footage);
            }
            var dispute = saw.Intersect(sawNothing).Except(decided);
            Note(disagreements, observations.Key, dispute, equalBases: true);
            Note(disagreements, observations.Key, sawNothing.Intersect(recorded), equalBases: false);

            recorded = recorded.Union(saw.Except(decided).Except(dispute));
            gap = gap.Union(sawNothing.Except(decided).Except(dispute).Except(claimed));
            decided = decided.Union(saw).Union(sawNothing);
        }
        return new Testimony(recorded, recorded.Union(gap));
    }

    static void Note(List<Disagreement> disagreements, string recorder, RangeSet ranges, bool equalBases)
    {
        if (ranges.Count > 0)
            disagreements.Add(new Disagreement(recorder, new TimeRange(ranges[0].From, ranges[^1].To), ranges.Length, equalBases));
    }

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    readonly record struct Testimony(RangeSet Recorded, RangeSet Known);
}

using System.Security.Cryptography;
using Agent.Evidence.Verdicts;

namespace Agent.Probing.Files;

/// <summary>The files of one look chosen to be asked about: every file offered is as likely as any other, however many there are.</summary>
internal sealed class SecondOpinionSample(int size, Func<Ffprobe?> ffprobe)
{
    static readonly TimeSpan LeastDifference = TimeSpan.FromSeconds(2);
    const double LeastRatio = 0.02;

    readonly List<SecondOpinionOffer> _kept = new(size);
    int _offered;

    /// <summary>Offers a file that we read whole.</summary>
    public void Offer(string camera, FootageFile file, FileLook look) => Offer(camera, () => file, look);

    /// <summary>Offers a file that we read whole; its paths are made only when it is chosen.</summary>
    public void Offer(string camera, Func<FootageFile> file, FileLook look)
    {
        if (size == 0 || _offered == int.MaxValue)
            return;
        _offered++;
        if (_kept.Count < size)
            _kept.Add(new SecondOpinionOffer(camera, file(), look));
        // Not predictable, so that nobody can know which files will not be asked about.
        else if (RandomNumberGenerator.GetInt32(_offered) is var place && place < size)
            _kept[place] = new SecondOpinionOffer(camera, file(), look);
    }

    /// <summary>Asks about the chosen files, one after the other. What keeps ffprobe from answering is a problem; only cancellation throws.</summary>
    public SecondOpinionAnswers Ask(ProblemList problems, CancellationToken cancel)
    {
        var answers = new SecondOpinionAnswers();
        if (_kept.Count == 0)
            return answers;
        if (ffprobe() is not { } program)
        {
            problems.Add(null, ProblemCode.NoSecondOpinion, "ffprobe is not installed, or not where the configuration says, so no other program confirms the lengths read from the files");
            return answers;
        }
        foreach (var offer in _kept.Where(o => o.IsAsRead()))
        {
            var reply = program.Ask(offer.File.FullPath, cancel);
            if (!reply.Started)
            {
                problems.Add(null, ProblemCode.NoSecondOpinion, $"{reply.Failure}, so no other program confirms the lengths read from the files");
                return answers;
            }
            if (offer.IsAsRead())
                Compare(offer, reply, answers, problems);
        }
        return answers;
    }

    static void Compare(SecondOpinionOffer offer, FfprobeReply reply, SecondOpinionAnswers answers, ProblemList problems)
    {
        var ours = offer.Look.Container.Duration;
        if (reply.Json is null)
            problems.Add(offer.File.RelativePath, ProblemCode.NoSecondOpinion, $"ffprobe gave no second opinion: {reply.Failure}");
        else if (FfprobeDuration.Of(reply.Json) is not { } theirs)
        {
            // Of a single picture, as a recorder leaves that is stopped right after it began a file, ffprobe states no length either.
            if (ours > LeastDifference)
                problems.Add(offer.File.RelativePath, ProblemCode.NoSecondOpinion, "ffprobe gave no second opinion: its answer states no duration");
        }
        else if ((ours - theirs).Duration() > Tolerated(ours, theirs))
            answers.Add(offer.Camera, new Finding(FindingCode.SecondOpinionDiffers, null,
                $"ffprobe reads {theirs.TotalSeconds:0.0} s in a file where {ours.TotalSeconds:0.0} s were measured"));
    }

    static TimeSpan Tolerated(TimeSpan ours, TimeSpan theirs)
    {
        var ratio = (ours > theirs ? ours : theirs) * LeastRatio;
        return ratio > LeastDifference ? ratio : LeastDifference;
    }
}

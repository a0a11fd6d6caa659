using Agent.Evidence.Timelines;
using Agent.Probing;
using Agent.Recorders;
using Agent.Rounds;
using NUnit.Framework;

namespace Agent.Tests.Rounds;

internal sealed class PlainWordsTests
{
    [Test]
    public void A_whole_camera() =>
        Assert.That(Sentence(Reports.Footage("front_door", 16.5)), Is.EqualTo("front_door: 16 d 12 h without a break; Hangzhou Art. 19, 15 d: met"));

    [Test]
    public void A_breach_tells_since_when_and_because_of_what() =>
        Assert.That(
            Sentence(Reports.Footage("front_door", 16, new TimeRange(Reports.Now.AddDays(-9).AddHours(-8), Reports.Now.AddDays(-9).AddHours(-4)))),
            Does.StartWith("front_door: 9 d 4 h without a break; Hangzhou Art. 19, 15 d: breached since 2026-11-14 10:00:00, because of a hole of 4 h 0 min until 2026-11-14 14:00:00"));

    [Test]
    public void A_camera_too_young_tells_what_would_settle_it() =>
        Assert.That(Sentence(Reports.Footage("front_door", 3)), Does.Contain("undetermined").And.Contain("nobody has said when the camera was commissioned"));

    [Test]
    public void Nothing_seen_is_not_no_footage()
    {
        var declared = new CameraOptions { Camera = "front_door" };
        Assert.That(
            new PlainWords(Reports.Hangzhou).Sentence(Reports.Judge(Reports.Recorder(declared), Reports.SawNothing(ProblemCode.MissingFolder, failed: true)).Single()),
            Does.StartWith("front_door: nothing could be seen; Hangzhou Art. 19, 15 d: undetermined"));
    }

    [Test]
    public void Other_days_than_the_laws_are_named_by_their_number()
    {
        var ninety = new CameraOptions { Camera = "vault", RequiredDays = 90 };
        Assert.That(
            new PlainWords(Reports.Hangzhou).Sentence(Reports.Judge(Reports.Recorder(ninety), Reports.Saw(Reports.Footage("vault", 91))).Single()),
            Is.EqualTo("vault: 91 d 0 h without a break; 90 d: met"));
    }

    [TestCase(9 * 86400 + 4 * 3600 + 59, "9 d 4 h")]
    [TestCase(4 * 3600 + 59, "4 h 0 min")]
    [TestCase(725, "12 min 5 s")]
    [TestCase(8, "8 s")]
    public void Two_units_are_enough(int seconds, string words) => Assert.That(PlainWords.Span(TimeSpan.FromSeconds(seconds)), Is.EqualTo(words));

    static string Sentence(CameraFootage footage) =>
        new PlainWords(Reports.Hangzhou).Sentence(Reports.Judge(Reports.Recorder(), Reports.Saw(footage)).Single());
}

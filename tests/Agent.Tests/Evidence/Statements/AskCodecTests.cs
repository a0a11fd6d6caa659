using System.Text;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

/// <summary>What an audit server asks, what an agent commits to and what it answers: the bytes, and what is refused.</summary>
internal sealed class AskCodecTests
{
    const string Challenge =
        """{"ask":"challenge","id":"c-1","epoch":"0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01","seq":5,"camera":"c-0a1b2c3d4e","from":1795431000000,"to":1795431010000,"size":1000000,"salt":"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA","ranges":[[4096,65536],[500000,65536]]}""";

    static readonly string Digest = new('a', 64);

    static readonly Ask[] Asks =
    [
        new AttestAsk("a-1", "AAECAwQFBgcICQoLDA0ODw"),
        new NextAsk("n-1", new DateTimeOffset(2026, 11, 23, 15, 0, 0, TimeSpan.Zero)),
        new AssignAsk("s-1", "c-0a1b2c3d4e", 15),
        new ChallengeAsk("c-1", new Guid("0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01"), 5, SegmentSamples.Usual),
    ];

    [TestCaseSource(nameof(Asks))]
    public void Every_ask_is_read_as_it_was_written(Ask ask) => Assert.That(AskCodec.Decode(AskCodec.Encode(ask)), Is.EqualTo(ask));

    [Test]
    public void A_challenge_is_written_like_this() => Assert.That(AskCodec.Encode(Asks[3]), Is.EqualTo(Challenge));

    [TestCase("\"seq\":5", "\"seq\":0")]
    [TestCase("\"camera\":\"c-0a1b2c3d4e\"", "\"camera\":\"\"")]
    [TestCase("\"camera\":\"c-0a1b2c3d4e\"", "\"camera\":\"前\"")]
    [TestCase("\"to\":1795431010000", "\"to\":1795431000000")]
    [TestCase("\"to\":1795431010000", "\"to\":9795431010000")]
    [TestCase("\"size\":1000000", "\"size\":0")]
    [TestCase("\"size\":1000000", "\"size\":565535")]
    [TestCase("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA", "AQIDBAUGBwgJCgsMDQ4P")]
    [TestCase("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA", "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB")]
    [TestCase("[[4096,65536],[500000,65536]]", "[]")]
    [TestCase("[[4096,65536],[500000,65536]]", "{}")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[4096,65535]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[500000,65536],[4096,65536]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[4096,65536],[69631,65536]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[-1,65536]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[0,0]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[0,65536,1]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[0]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[0]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[\"0\",65536]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[0,\"65536\"]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[0.5,65536]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[0,65536.5]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[9007199254740992,65536]]")]
    [TestCase("[[4096,65536],[500000,65536]]", "[[0,65536],[65536,65536],[131072,65536],[196608,65536],[262144,65536]]")]
    [TestCase("\"ranges\":", "\"more\":1,\"ranges\":")]
    [TestCase("}", ",\"more\":1}")]
    [TestCase("\"challenge\"", "\"unheard-of\"")]
    [TestCase("\"id\":\"c-1\"", "\"id\":\"\"")]
    [TestCase("{", "[")]
    public void A_challenge_that_is_not_exactly_that_is_refused(string what, string by)
    {
        var at = Challenge.LastIndexOf(what, StringComparison.Ordinal);

        Assert.That(() => AskCodec.Decode(Challenge[..at] + by + Challenge[(at + what.Length)..]), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void No_more_than_four_megabytes_are_asked_for()
    {
        const string ranges = "[[4096,65536],[500000,65536]]";
        var large = Challenge.Replace("\"size\":1000000", "\"size\":90000000", StringComparison.Ordinal);

        Assert.That(() => AskCodec.Decode(large.Replace(ranges, "[[0,4194304]]", StringComparison.Ordinal)), Throws.Nothing);
        Assert.That(() => AskCodec.Decode(large.Replace(ranges, "[[0,4194305]]", StringComparison.Ordinal)), Throws.TypeOf<FormatException>());
        Assert.That(() => AskCodec.Decode(large.Replace(ranges, "[[0,4194240],[5000000,65536]]", StringComparison.Ordinal)), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void A_small_segment_is_asked_for_whole() => Assert.That(
        () => AskCodec.Decode(Challenge.Replace("\"size\":1000000", "\"size\":100", StringComparison.Ordinal).Replace("[[4096,65536],[500000,65536]]", "[[0,100]]", StringComparison.Ordinal)),
        Throws.Nothing);

    [TestCase("""{"ask":"attest","id":"a-1","nonce":"AAEC"}""")]
    [TestCase("""{"ask":"attest","id":"a-1","nonce":"!"}""")]
    [TestCase("""{"ask":"next","id":"n-1","due":"soon"}""")]
    [TestCase("""{"ask":"next","id":"n-1","due":"2300-01-01T00:00:00.000Z"}""")]
    [TestCase("""{"ask":"assign","id":"s-1","camera":"c-1","requiredDays":0}""")]
    [TestCase("""{"ask":"assign","id":"s-1","camera":"c-1","requiredDays":401}""")]
    [TestCase("""{"ask":"assign","id":"s-1","camera":"c-1","requiredDays":7.5}""")]
    public void Any_other_ask_that_is_not_exactly_that_is_refused(string json) => Assert.That(() => AskCodec.Decode(json), Throws.TypeOf<FormatException>());

    [Test]
    public void What_no_reader_would_take_cannot_be_written()
    {
        Assert.That(() => AskCodec.Encode(new AssignAsk("s-1", "c 1", 15)), Throws.TypeOf<FormatException>());
        Assert.That(() => AskCodec.Encode(new Stranger("x-1")), Throws.ArgumentException);
        Assert.That(() => CommitmentCodec.Encode(new Commitment(SegmentSamples.Usual, "AA")), Throws.TypeOf<FormatException>());
        Assert.That(() => ChallengeAnswerCodec.Encode(new ChallengeAnswer("c-1", Guid.NewGuid(), 5, ChallengeResult.Answered, null)), Throws.TypeOf<FormatException>());
        Assert.That(() => ChallengeAnswerCodec.Encode(new ChallengeAnswer("c-1", Guid.NewGuid(), 5, ChallengeResult.NotFound, Digest)), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void A_commitment_is_read_as_it_was_written()
    {
        var commitment = new Commitment(SegmentSamples.Usual, Digest);
        var json = Encoding.UTF8.GetString(CommitmentCodec.Encode(commitment));

        Assert.That(CommitmentCodec.Decode(Encoding.UTF8.GetBytes(json)), Is.EqualTo(commitment));
        Assert.That(json, Does.StartWith("""{"v":1,"camera":"c-0a1b2c3d4e","from":""").And.EndWith($$""","sha256":"{{Digest}}"}"""));
        Assert.That(() => CommitmentCodec.Decode(Encoding.UTF8.GetBytes(json.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal))), Throws.TypeOf<FormatException>());
        Assert.That(CommitmentCodec.DecodeBody(CommitmentCodec.EncodeBody("c-1", "a..b.c.d")), Is.EqualTo(("c-1", "a..b.c.d")));
        Assert.That(() => CommitmentCodec.DecodeBody("""{"camera":"c-1"}"""u8.ToArray()), Throws.TypeOf<FormatException>());
    }

    [TestCase(ChallengeResult.Answered)]
    [TestCase(ChallengeResult.NotFound)]
    [TestCase(ChallengeResult.Unverifiable)]
    public void An_answer_is_read_as_it_was_written(ChallengeResult result)
    {
        var answer = new ChallengeAnswer("c-1", Guid.NewGuid(), 5, result, result == ChallengeResult.Answered ? Digest : null);

        Assert.That(ChallengeAnswerCodec.Decode(ChallengeAnswerCodec.Encode(answer)), Is.EqualTo(answer));
    }

    [Test]
    public void Samples_are_equal_when_they_ask_for_the_same_bytes_and_differ_by_any_field()
    {
        var sample = SegmentSamples.Usual;
        var same = sample with { Salt = [.. sample.Salt], Parts = [.. sample.Parts] };

        Assert.That((same, same.GetHashCode()), Is.EqualTo((sample, sample.GetHashCode())));
        foreach (var other in new[]
        {
            sample with { Camera = "c-1" }, sample with { Range = new(sample.Range.From, sample.Range.To.AddSeconds(1)) }, sample with { Size = 1 },
            sample with { Salt = [1] }, sample with { Parts = [(0, 65536)] }, null,
        })
            Assert.That(sample.Equals(other), Is.False);
    }

    sealed record Stranger(string Id) : Ask(Id);
}

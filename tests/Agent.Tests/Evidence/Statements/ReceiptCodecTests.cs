using System.Text;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

sealed class ReceiptCodecTests
{
    public static Receipt Receipt() => new()
    {
        Server = "audit.test",
        Site = "HZ-0001",
        Agent = "HZ-0001-a",
        Epoch = new Guid("0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01"),
        Seq = 6,
        Entry = new string('a', 64),
        ReceivedAt = new DateTimeOffset(2026, 11, 23, 18, 0, 0, 123, 456, TimeSpan.FromHours(8)),
        Previous = null,
        LateSeconds = 0,
        Findings = [new ReceiptFinding("Late", "It came \"late\".")],
        Judged = ServerJudgement.Differs,
        Asks =
        [
            new AttestAsk("a-1", "AAECAwQFBgcICQoLDA0ODw"),
            new NextAsk("n-1", new DateTimeOffset(2026, 11, 23, 11, 0, 0, TimeSpan.Zero)),
            new AssignAsk("s-1", "c-0a1b2c3d4e", 15),
            new ChallengeAsk("c-1", new Guid("0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01"), 5, SegmentSamples.Usual),
        ],
    };

    [Test]
    public void A_receipt_survives_writing_and_reading(
        [Values] ServerJudgement judged, [Values(0, 2)] int findings, [Values(null, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")] string? previous)
    {
        var receipt = Receipt() with
        {
            Judged = judged,
            Previous = previous,
            Findings = [.. Enumerable.Repeat(new ReceiptFinding("Late", "迟到"), findings)],
        };

        var read = ReceiptCodec.Decode(ReceiptCodec.Encode(receipt));

        Assert.That(read, Is.EqualTo(receipt));
        Assert.That(read.GetHashCode(), Is.EqualTo(receipt.GetHashCode()));
    }

    [Test]
    public void Two_receipts_are_equal_only_when_everything_is()
    {
        var (one, same) = (Receipt(), Receipt());
        Receipt?[] others =
        [
            one with { Server = "x" }, one with { Site = "x" }, one with { Agent = "x" }, one with { Epoch = Guid.Empty }, one with { Seq = 7 }, one with { Entry = new string('b', 64) },
            one with { ReceivedAt = one.ReceivedAt.AddMilliseconds(1) }, one with { Previous = new string('b', 64) }, one with { LateSeconds = 1 }, one with { Findings = [] },
            one with { Judged = ServerJudgement.Agrees }, one with { Asks = one.Asks.RemoveAt(0) },
        ];

        Assert.That((one.Equals(same), one.GetHashCode() == same.GetHashCode()), Is.EqualTo((true, true)));
        Assert.That(others.Append(null).Where(one.Equals), Is.Empty);
        Assert.That(one.ReceivedAt, Is.EqualTo(new DateTimeOffset(2026, 11, 23, 10, 0, 0, 123, TimeSpan.Zero)), "whole milliseconds");
    }

    [TestCase("\"findings\":[{\"code\":\"Late\",\"message\":\"It came \\\"late\\\".\"}]", "\"findings\":7", "\"findings\" is not an array")]
    [TestCase("\"v\":1", "\"v\":2", "version 2")]
    [TestCase("\"seq\":6", "\"seq\":0", "\"seq\"")]
    [TestCase("\"late\":0", "\"late\":-1", "\"late\"")]
    [TestCase("\"differs\"", "\"maybe\"", "agrees, differs or not-judged")]
    [TestCase("\"differs\"", "\"\"", "agrees, differs or not-judged")]
    [TestCase("}]}", "}],\"more\":1}", "unknown key \"more\"")]
    [TestCase("\"code\":\"Late\"", "\"code\":7", "Receipt finding: \"code\"")]
    public void What_is_wrong_with_a_receipt_is_named(string from, string to, string reason)
    {
        var sound = Encoding.UTF8.GetString(ReceiptCodec.Encode(Receipt() with { Asks = [] })).Replace("\"asks\":[]", "\"asks\":[{\"ask\":\"?\",\"id\":\"x\"}]", StringComparison.Ordinal);
        var at = from == "}]}" ? sound.LastIndexOf(from, StringComparison.Ordinal) : sound.IndexOf(from, StringComparison.Ordinal);
        Assert.That(at, Is.Positive, sound);
        Assert.That(() => ReceiptCodec.Decode(Encoding.UTF8.GetBytes(sound[..at] + to + sound[(at + from.Length)..])), Throws.TypeOf<FormatException>().With.Message.Contains(reason));
    }

    [Test]
    public void More_asks_than_one_receipt_may_hold_are_refused()
    {
        Receipt Asking(int asks) => Receipt() with { Asks = [.. Enumerable.Repeat<Ask>(new AssignAsk("s-1", "c-1", 15), asks)] };
        Assert.That(ReceiptCodec.Decode(ReceiptCodec.Encode(Asking(ReceiptCodec.MostAsks))).Asks, Has.Length.EqualTo(16));
        Assert.That(() => ReceiptCodec.Decode(ReceiptCodec.Encode(Asking(ReceiptCodec.MostAsks + 1))), Throws.TypeOf<FormatException>().With.Message.Contains("at most 16 asks"));
        Assert.That(() => ReceiptCodec.Decode(new byte[ReceiptCodec.MaxBytes + 1]), Throws.TypeOf<FormatException>().With.Message.Contains("65536"));
    }

    [TestCase("\"v\":1", "\"v\":2")]
    [TestCase("\"v\":1,", "")]
    [TestCase("\"seq\":6", "\"seq\":0")]
    [TestCase("\"late\":0", "\"late\":-1")]
    [TestCase("\"previous\":null", "\"previous\":\"\"")]
    [TestCase("\"previous\":null", "\"previous\":7")]
    [TestCase("aaaa\"", "AAAA\"")]
    [TestCase("differs", "maybe")]
    [TestCase("[{", "{\"x\":[{")]
    [TestCase("\"code\":\"Late\",", "")]
    [TestCase("late\\\".\"", "late\\\".\",\"more\":1")]
    [TestCase("\"differs\"", "\"differs\",\"more\":1")]
    [TestCase("\"differs\"", "\"differs\",\"judged\":\"agrees\"")]
    [TestCase("\"findings\":[{", "\"findings\":[7,{")]
    public void Anything_but_the_documented_form_is_refused(string from, string to)
    {
        var sound = Encoding.UTF8.GetString(ReceiptCodec.Encode(Receipt()));
        Assert.That(sound, Does.Contain(from));

        Assert.That(() => ReceiptCodec.Decode(Encoding.UTF8.GetBytes(sound.Replace(from, to, StringComparison.Ordinal))), Throws.TypeOf<FormatException>());
    }
}

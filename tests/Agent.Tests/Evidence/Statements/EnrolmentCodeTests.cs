using System.Security.Cryptography;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

internal sealed class EnrolmentCodeTests
{
    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    readonly EnrolmentCode _code = EnrolmentCode.FromRandom(RandomNumberGenerator.GetBytes(EnrolmentCode.RandomBytes));

    [Test]
    public void A_code_is_read_as_people_write_it()
    {
        var text = _code.Reveal();
        var sloppy = text.ToLowerInvariant().Replace('-', ' ').Replace('0', 'o').Replace('1', 'l');

        foreach (var written in new[] { text, text.Replace("-", "", StringComparison.Ordinal), sloppy, $" {text} " })
        {
            var read = EnrolmentCode.Parse(written);
            Assert.That((read.Id, read.Reveal()), Is.EqualTo((_code.Id, text)));
            Assert.That(read.ProofKey(), Is.EqualTo(_code.ProofKey()));
        }

        Assert.That(text, Does.StartWith(_code.Id).And.Length.EqualTo(31 + 5));
        Assert.That(_code.ToString(), Is.EqualTo(_code.Id), "what is logged by mistake is no secret");
    }

    [Test]
    public void Every_single_wrong_character_and_every_two_exchanged_are_noticed()
    {
        var right = _code.Reveal().Replace("-", "", StringComparison.Ordinal);
        for (var i = 0; i < right.Length; i++)
        {
            foreach (var wrong in Alphabet.Where(c => c != right[i]))
                Assert.That(() => EnrolmentCode.Parse($"{right[..i]}{wrong}{right[(i + 1)..]}"), Throws.TypeOf<FormatException>().With.Message.Contains("typing error"));
            for (var j = i + 1; j < right.Length; j++)
                if (right[i] != right[j])
                    Assert.That(() => EnrolmentCode.Parse($"{right[..i]}{right[j]}{right[(i + 1)..j]}{right[i]}{right[(j + 1)..]}"), Throws.TypeOf<FormatException>());
        }
    }

    [TestCase("")]
    [TestCase("K7Q2MX")]
    [TestCase("U000000000000000000000000000000")]
    [TestCase("0000000000000000000000000000000前")]
    public void What_cannot_be_a_code_is_refused_without_being_shown(string text) =>
        Assert.That(() => EnrolmentCode.Parse(text), Throws.TypeOf<FormatException>().With.Message.Not.Contain(text.Length == 0 ? "\0" : text));

    [Test]
    public void Letters_that_look_like_digits_are_meant_as_such()
    {
        // Thirty-one digits of which the last checks the others; the bytes make every other one a 1.
        var text = EnrolmentCode.FromRandom([.. Enumerable.Range(0, EnrolmentCode.RandomBytes).Select(i => (byte)(i % 2))]).Reveal();
        Assert.That(text, Does.StartWith("010101"));

        foreach (var written in new[] { text.Replace('0', 'O'), text.Replace('0', 'o'), text.Replace('1', 'I'), text.Replace('1', 'i'), text.Replace('1', 'L'), text.Replace('1', 'l') })
            Assert.That(EnrolmentCode.Parse(written).Reveal(), Is.EqualTo(text));
    }

    [Test]
    public void A_proof_holds_for_its_bytes_and_its_key_only()
    {
        byte[] key = [1, 2, 3];
        var proven = EnrolmentProof.Seal("{\"a\":1"u8, key);

        Assert.That(EnrolmentProof.Holds(proven, key), Is.True);
        Assert.That(EnrolmentProof.Holds(proven, [1, 2, 4]), Is.False);
        Assert.That(EnrolmentProof.Holds([.. proven.Select((b, i) => i == 5 ? (byte)'2' : b)], key), Is.False);
        Assert.That(EnrolmentProof.Holds(proven.AsSpan(1), key), Is.False);
        Assert.That(EnrolmentProof.Holds(EnrolmentProof.Seal([], key), key), Is.False, "a proof of nothing is none");
        Assert.That(EnrolmentProof.Holds([], key), Is.False);
    }

    [Test]
    public void Random_bytes_are_taken_as_they_are()
    {
        Assert.That(EnrolmentCode.FromRandom(new byte[EnrolmentCode.RandomBytes]).Reveal(), Is.EqualTo("000000-00000-00000-00000-00000-00000"));
        Assert.That(() => EnrolmentCode.FromRandom(new byte[3]), Throws.ArgumentException);
    }
}

using System.Text;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

/// <summary>A fresh word of where an agent stands: its bytes, and who believes it.</summary>
internal sealed class AttestationTests
{
    static readonly DateTimeOffset Made = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    static readonly string Nonce = new('A', 22);

    static readonly Attestation Full = new()
    {
        Site = "HZ-0001",
        Agent = "HZ-0001-a",
        Epoch = new Guid("0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01"),
        Seq = 7,
        Head = new string('b', 64),
        IssuedAt = Made,
        Nonce = Nonce,
        Boot = "boot-1",
        MonotonicMilliseconds = 5,
        Pending = 2,
        OldestPending = 6,
        Receipt = new string('c', 64),
        AsOf = Made.AddSeconds(-2),
        Cameras = [new CameraVerdict("c-1", TrackKind.Video, 15, Verdict.Met)],
    };

    [Test]
    public void It_is_read_as_it_was_written()
    {
        var bare = Full with { Nonce = null, OldestPending = null, Receipt = null, AsOf = null, Cameras = [] };

        foreach (var attestation in new[] { Full, bare })
        {
            var bytes = AttestationCodec.Encode(attestation);
            Assert.That(AttestationCodec.Encode(AttestationCodec.Decode(bytes)), Is.EqualTo(bytes));
        }

        var read = AttestationCodec.Decode(AttestationCodec.Encode(Full));
        Assert.That((read.Seq, read.Head, read.IssuedAt, read.Nonce, read.OldestPending, read.AsOf), Is.EqualTo((7L, Full.Head, Made, Nonce, (long?)6L, Full.AsOf)));
        Assert.That(read.Cameras, Is.EqualTo(Full.Cameras));
    }

    [TestCase("\"v\":1", "\"v\":2")]
    [TestCase("\"v\":1", "\"v\":0")]
    [TestCase("\"seq\":7", "\"seq\":-1")]
    [TestCase("\"iat\":1795428000", "\"iat\":-1")]
    [TestCase("\"iat\":1795428000", "\"iat\":9999999999")]
    [TestCase("\"exp\":1795428060", "\"exp\":1795428061")]
    [TestCase("\"eat_nonce\":\"AAAAAAAAAAAAAAAAAAAAAA\"", "\"eat_nonce\":\"AAAAAAAAAAAAAAAAAAAAA\"")]
    [TestCase("\"eat_nonce\":\"AAAAAAAAAAAAAAAAAAAAAA\"", "\"eat_nonce\":\"AAAAAAAAAAAAAAAAAAAAA!\"")]
    [TestCase("\"eat_nonce\":\"AAAAAAAAAAAAAAAAAAAAAA\"", "\"eat_nonce\":7")]
    [TestCase("\"oldestPending\":6", "\"oldestPending\":0")]
    [TestCase("\"oldestPending\":6", "\"oldestPending\":6.5")]
    [TestCase("\"oldestPending\":6", "\"oldestPending\":9007199254740992")]
    [TestCase("\"oldestPending\":6", "\"oldestPending\":\"6\"")]
    [TestCase("\"receipt\":\"c", "\"receipt\":\"C")]
    [TestCase("\"asOf\":\"2026", "\"asOf\":\"1926")]
    [TestCase("\"asOf\":\"2026", "\"asOf\":\"2226")]
    [TestCase("\"asOf\":\"2026", "\"asOf\":\"x")]
    [TestCase("\"days\":15", "\"days\":0")]
    [TestCase("\"days\":15", "\"days\":401")]
    [TestCase("\"verdict\":\"met\"", "\"verdict\":\"fine\"")]
    [TestCase("\"cameras\":[", "\"cameras\":[7,")]
    [TestCase("\"cameras\":[{", "\"cameras\":[{\"name\":\"front\",")]
    public void Anything_but_the_documented_form_is_refused(string from, string to)
    {
        var sound = Encoding.UTF8.GetString(AttestationCodec.Encode(Full));
        Assert.That(sound, Does.Contain(from));

        Assert.That(() => AttestationCodec.Decode(Encoding.UTF8.GetBytes(sound.Replace(from, to, StringComparison.Ordinal))), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void A_nonce_has_twenty_two_to_a_hundred_and_twenty_eight_plain_characters()
    {
        Assert.That(new[] { 21, 22, 128, 129 }.Select(n => AttestationCodec.IsNonce(new string('_', n))), Is.EqualTo(new[] { false, true, true, false }));
        Assert.That(AttestationCodec.IsNonce(new string('-', 30) + "9z"), Is.True);
        Assert.That(AttestationCodec.IsNonce(new string('é', 30)), Is.False);
    }

    [TestCase(0, null)]
    [TestCase(-5, null)]
    [TestCase(-6, StatementFaultKind.NotFresh)]
    [TestCase(65, null)]
    [TestCase(66, StatementFaultKind.NotFresh)]
    public void It_is_believed_for_a_minute_and_the_clocks_may_differ_by_five_seconds(int seconds, StatementFaultKind? fault) =>
        Assert.That(Verify(Signed(AttestationCodec.Encode(Full)), Nonce, Made.AddSeconds(seconds)).Fault?.Kind, Is.EqualTo(fault));

    [Test]
    public void It_answers_the_nonce_that_was_given_and_no_other()
    {
        var signed = Signed(AttestationCodec.Encode(Full));

        Assert.That(Verify(signed, Nonce, Made).Attestation!.Seq, Is.EqualTo(7));
        foreach (var other in new[] { null, new string('B', 22) })
            Assert.That(Verify(signed, other, Made).Fault!.Kind, Is.EqualTo(StatementFaultKind.WrongSubject));
    }

    [Test]
    public void Signed_noise_and_other_statements_are_none()
    {
        using var key = TestKeys.Agent();

        Assert.That(Verify(Signed("{}"u8.ToArray()), null, Made).Fault!.Kind, Is.EqualTo(StatementFaultKind.Malformed));
        Assert.That(Verify(Jws.Sign(AttestationCodec.Encode(Full), StatementTypes.Heartbeat, key), Nonce, Made).Fault!.Kind, Is.EqualTo(StatementFaultKind.WrongType));
    }

    [Test]
    public void The_type_of_a_statement_is_known_before_its_key_is_and_noise_has_none()
    {
        Assert.That(Jws.TypeOf(Signed(AttestationCodec.Encode(Full))), Is.EqualTo(StatementTypes.Attestation));
        foreach (var noise in new[] { "", "x", ".", "e30.e30.", "W10.e30.", "!!.e30.", "eyJ0eXAiOjF9.e30.", "eyJ0e.e30.", new string('A', 9000) + ".e30.", "AAAA.e30." })
            Assert.That(Jws.TypeOf(noise), Is.Null, noise);
    }

    static string Signed(byte[] payload)
    {
        using var key = TestKeys.Agent();
        return Jws.Sign(payload, StatementTypes.Attestation, key);
    }

    static AttestationCheck Verify(string jws, string? nonce, DateTimeOffset now)
    {
        using var key = TestKeys.Agent();
        return StatementVerifier.VerifyAttestation(jws, new JwkSet([Jwk.FromKey(key)]).Find, now, nonce);
    }
}

using System.Text;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

internal sealed class EnrolmentCodecTests
{
    readonly byte[] _key = TestEnrolments.Code.ProofKey();

    [Test]
    public void A_request_is_read_back_and_proves_both_the_key_and_the_code()
    {
        var request = TestEnrolments.Of();

        var check = EnrolmentCodec.Verify(TestEnrolments.Post(request));

        Assert.That(check.Fault, Is.Null);
        Assert.That(check.Posted!.Enrolment with { Recorders = request.Recorders }, Is.EqualTo(request));
        Assert.That(check.Posted.Enrolment.Recorders, Is.EqualTo(request.Recorders));
        Assert.That(EnrolmentCodec.IsProven(check.Posted, _key), Is.True);
        Assert.That(EnrolmentCodec.IsProven(check.Posted, new byte[32]), Is.False);
    }

    [Test]
    public void Who_swaps_the_key_and_signs_anew_cannot_prove_the_code()
    {
        var payload = EnrolmentCodec.EncodePayload(TestEnrolments.Of(), _key);
        using var other = TestKeys.Server();
        using var agent = TestKeys.Agent();
        var swapped = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(payload).Replace(Jwk.FromKey(agent).ToJson(), Jwk.FromKey(other).ToJson(), StringComparison.Ordinal));

        var check = EnrolmentCodec.Verify(TestEnrolments.Posted(Jws.Sign(swapped, StatementTypes.Enrolment, other)));
        var unsigned = EnrolmentCodec.Verify(TestEnrolments.Posted(Jws.Sign(swapped, StatementTypes.Enrolment, agent)));

        Assert.That(check.Fault, Is.Null);
        Assert.That(EnrolmentCodec.IsProven(check.Posted!, _key), Is.False);
        Assert.That(unsigned.Fault!.Kind, Is.EqualTo(StatementFaultKind.UnknownKey), "the key that is named must have signed");
    }

    [Test]
    public void Every_changed_byte_is_refused_or_not_proven()
    {
        var payload = EnrolmentCodec.EncodePayload(TestEnrolments.Of(), _key);
        using var agent = TestKeys.Agent();
        for (var i = 0; i < payload.Length; i++)
        {
            var changed = (byte[])payload.Clone();
            changed[i] ^= 1;
            var check = EnrolmentCodec.Verify(TestEnrolments.Posted(Jws.Sign(changed, StatementTypes.Enrolment, agent)));
            Assert.That(check.Fault is not null || !EnrolmentCodec.IsProven(check.Posted!, _key), Is.True, $"byte {i}");
        }
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("{\"enrolment\":\"a.b.c\"}")]
    [TestCase("{\"enrolment\":1}")]
    public void What_is_no_request_is_malformed(string text) =>
        Assert.That(EnrolmentCodec.Verify(Encoding.UTF8.GetBytes(text)).Fault!.Kind, Is.EqualTo(StatementFaultKind.Malformed));

    [Test]
    public void A_recorder_told_twice_is_not_written() => Assert.That(
        () => TestEnrolments.Post(TestEnrolments.Of() with { Recorders = [new EnrolledRecorder("r-1", null), new EnrolledRecorder("r-1", "s-2")] }),
        Throws.TypeOf<FormatException>().With.Message.Contains("recorders"));

    [Test]
    public void An_answer_is_believed_only_with_the_proof()
    {
        var answer = TestEnrolments.Answer();
        var bytes = EnrolmentAnswerCodec.Encode(answer, _key);

        var read = EnrolmentAnswerCodec.Verify(bytes, _key)!;

        Assert.That(read with { Keys = answer.Keys }, Is.EqualTo(answer));
        Assert.That(read.Keys, Is.EqualTo(answer.Keys));
        Assert.That(EnrolmentAnswerCodec.Verify(bytes, new byte[32]), Is.Null);
        Assert.That(EnrolmentAnswerCodec.Verify(EnrolmentAnswerCodec.Encode(answer with { Server = "other" }, new byte[32]), _key), Is.Null);
        Assert.That(JwkSet.Parse(Encoding.UTF8.GetString(bytes)).Keys, Is.EqualTo(answer.Keys), "it is a JWK set as well");
        Assert.That(EnrolmentAnswerCodec.Decode((byte[])[.. bytes, (byte)'\n']).Kid, Is.EqualTo(answer.Kid));
    }

    [Test]
    public void An_answer_without_keys_or_with_a_name_that_hides_something_is_refused()
    {
        Assert.That(() => EnrolmentAnswerCodec.Encode(TestEnrolments.Answer() with { Keys = [] }, _key), Throws.TypeOf<FormatException>());
        Assert.That(() => EnrolmentAnswerCodec.Encode(TestEnrolments.Answer() with { Server = "a\u001b[2J" }, _key), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void A_key_that_seals_and_a_key_that_signs_are_never_taken_for_each_other()
    {
        var answer = TestEnrolments.Answer();
        var set = new JwkSet(answer.Keys) { Encryption = answer.Encryption };

        var read = JwkSet.Parse(set.ToJson());

        Assert.That(read.Keys, Is.EqualTo(answer.Keys));
        Assert.That(read.Encryption, Is.EqualTo(answer.Encryption));
        Assert.That(read.Find(answer.Encryption.Thumbprint), Is.Null);
        Assert.That(() => Jwk.Parse(answer.Encryption.ToJson()), Throws.TypeOf<FormatException>().With.Message.Contains("use"));
        Assert.That(() => EncryptionJwk.Read(System.Text.Json.JsonElement.Parse(answer.Keys[0].ToJson())), Throws.TypeOf<FormatException>());
        using var key = answer.Encryption.ToKey();
        Assert.That(EncryptionJwk.FromKey(key), Is.EqualTo(answer.Encryption));
    }
}

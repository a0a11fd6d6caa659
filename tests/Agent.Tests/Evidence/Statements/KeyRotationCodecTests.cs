using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence.Chain;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

sealed class KeyRotationCodecTests : IDisposable
{
    readonly ECDsa _old = TestKeys.Agent();
    readonly ECDsa _next = TestKeys.Server();

    public void Dispose()
    {
        _old.Dispose();
        _next.Dispose();
    }

    KeyRotation Rotation => new("HZ-0001-a", new Guid("0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01"), 1, Jwk.FromKey(_next));

    [Test]
    public void A_rotation_is_written_as_the_documented_bytes_and_read_back()
    {
        var bytes = KeyRotationCodec.Encode(Rotation);

        Assert.That(Encoding.UTF8.GetString(bytes), Is.EqualTo(
            $$"""{"v":1,"agent":"HZ-0001-a","epoch":"0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01","seq":1,"key":{{Jwk.FromKey(_next).ToJson()}}}"""));
        Assert.That(KeyRotationCodec.Decode(bytes), Is.EqualTo(Rotation));
    }

    [TestCase("\"v\":1", "\"v\":2", "version 2")]
    [TestCase("\"seq\":1", "\"seq\":0", "\"seq\"")]
    [TestCase("HZ-0001-a", "", "\"agent\"")]
    [TestCase("\"EC\"", "\"RSA\"", "\"kty\"")]
    [TestCase("}}", "},\"more\":1}", "unknown key \"more\"")]
    [TestCase("{\"v\"", "{\"v\":1,\"v\"", "uplicate")]
    public void Anything_but_the_documented_form_is_refused(string from, string to, string reason)
    {
        var sound = Encoding.UTF8.GetString(KeyRotationCodec.Encode(Rotation));
        Assert.That(() => KeyRotationCodec.Decode(Encoding.UTF8.GetBytes(sound.Replace(from, to, StringComparison.Ordinal))),
            Throws.TypeOf<FormatException>().With.Message.Contains(reason));
    }

    [Test]
    public void The_old_keys_word_is_good_for_exactly_its_place()
    {
        var check = Verify(Rotation);

        Assert.That(check.Fault, Is.Null);
        Assert.That((check.Succession!.Old, check.Succession.New, check.Succession.Rotation), Is.EqualTo((Jwk.FromKey(_old), Jwk.FromKey(_next), Rotation)));
        Assert.That(Verify(Rotation with { Agent = "HZ-0002-a" }).Fault!.Kind, Is.EqualTo(StatementFaultKind.WrongSubject));
        Assert.That(Verify(Rotation with { Epoch = Guid.Empty }).Fault!.Kind, Is.EqualTo(StatementFaultKind.WrongSubject));
        Assert.That(Verify(Rotation with { Seq = 2 }).Fault!.Kind, Is.EqualTo(StatementFaultKind.WrongSubject));
        Assert.That(Verify(Rotation with { Seq = 2 }).Fault!.Message, Does.Contain("seq 2 of HZ-0001-a"));
        Assert.That(Verify(Rotation with { Seq = 2 }).Succession, Is.Null);
    }

    [Test]
    public void Another_key_another_kind_of_statement_and_another_body_are_named_faults()
    {
        var payload = KeyRotationCodec.Encode(Rotation);
        Assert.That(Fault(Body(Jws.Sign(payload, StatementTypes.KeyRotation, _next))), Is.EqualTo(StatementFaultKind.UnknownKey));
        Assert.That(Fault(Body(Jws.Sign(payload, StatementTypes.Heartbeat, _old))), Is.EqualTo(StatementFaultKind.WrongType));
        Assert.That(Fault(Body(Jws.Sign("{}"u8, StatementTypes.KeyRotation, _old))), Is.EqualTo(StatementFaultKind.Malformed));
        Assert.That(Fault("{}"), Is.EqualTo(StatementFaultKind.Malformed));
        Assert.That(Fault($$"""{"jws":"{{Jws.Sign(payload, StatementTypes.KeyRotation, _old)}}","more":1}"""), Is.EqualTo(StatementFaultKind.Malformed));
    }

    static string Body(string jws) => Encoding.UTF8.GetString(KeyRotationCodec.EncodeBody(jws));

    KeyRotationCheck Verify(KeyRotation rotation) => Verify(Body(Jws.Sign(KeyRotationCodec.Encode(rotation), StatementTypes.KeyRotation, _old)));

    StatementFaultKind? Fault(string body) => Verify(body).Fault?.Kind;

    KeyRotationCheck Verify(string body) =>
        KeyRotationCodec.Verify(TestLedger.Entry(body: body) with { Type = EntryTypes.KeyRotate }, TestKeys.Pinned(_old));
}

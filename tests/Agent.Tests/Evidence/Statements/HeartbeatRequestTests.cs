using System.Text;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence.Chain;
using CsCheck;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

sealed class HeartbeatRequestTests
{
    [Test]
    public void Entries_come_through_character_for_character() =>
        Gen.String[Gen.OneOf(Gen.Char["{}\"\\:,/+<>&'"], Gen.Char['\u0000', '\ud7ff']), 0, 60].Array[0, 5].Sample(entries =>
        {
            var read = HeartbeatRequest.Decode(new HeartbeatRequest("a.b.c", entries).Encode());
            return read.Jws == "a.b.c" && read.Entries.SequenceEqual(entries);
        });

    [Test]
    public void A_request_holds_after_the_journey()
    {
        using var key = TestKeys.Agent();
        var request = new TestLedger().Append(body: """{"text":"前门 \u00e9 ☂"}""").Heartbeat();

        Assert.That(StatementVerifier.VerifyHeartbeat(HeartbeatRequest.Decode(request.Encode()), TestKeys.Pinned(key)).Fault, Is.Null);
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"jws":"a"}""")]
    [TestCase("""{"jws":null,"entries":[]}""")]
    [TestCase("""{"jws":"a","entries":{}}""")]
    [TestCase("""{"jws":"a","entries":[7]}""")]
    [TestCase("""{"jws":"a","entries":[{}]}""")]
    [TestCase("""{"jws":"a","entries":[],"more":1}""")]
    [TestCase("""{"jws":"a","jws":"b","entries":[]}""")]
    [TestCase("""{"jws":"\udc00","entries":[]}""")]
    public void Anything_else_is_refused(string json) =>
        Assert.That(() => HeartbeatRequest.Decode(Encoding.UTF8.GetBytes(json)), Throws.TypeOf<FormatException>());

    [Test]
    public void A_request_above_the_cap_is_refused() =>
        Assert.That(() => HeartbeatRequest.Decode(new byte[HeartbeatRequest.MaxBytes + 1]), Throws.TypeOf<FormatException>().With.Message.Contains("4194304"));
}

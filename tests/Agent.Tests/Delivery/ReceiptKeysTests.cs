using Agent.Delivery;
using Agent.Evidence.Statements;
using Agent.Keys;
using Agent.Tests.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

sealed class ReceiptKeysTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly EnrolmentAnswer _answer = TestEnrolments.Answer();

    [Test]
    public void Keys_count_as_soon_as_the_agent_is_enrolled_and_again_when_it_is_enrolled_anew()
    {
        var keys = ReceiptKeys.Open(new UpstreamOptions { Url = "https://audit.example" }, _folder.Path);
        Assert.That((keys.Any, keys.Find(_answer.Keys[0].Thumbprint)), Is.EqualTo((false, (Jwk?)null)));

        Keep(_answer);
        Assert.That((keys.Any, keys.Find(_answer.Keys[0].Thumbprint)), Is.EqualTo((true, _answer.Keys[0])));

        var next = TestEnrolments.Of().Key;
        Keep(_answer with { Server = "another one", Keys = [next] });
        Assert.That((keys.Find(_answer.Keys[0].Thumbprint), keys.Find(next.Thumbprint)), Is.EqualTo(((Jwk?)null, next)));
    }

    [Test]
    public void A_file_that_the_configuration_names_goes_before()
    {
        Keep(_answer);
        var named = TestEnrolments.Of().Key;
        var keys = ReceiptKeys.Open(new UpstreamOptions { Url = "https://audit.example", ReceiptKeys = _folder.Write("keys.json", new JwkSet([named]).ToJson()) }, _folder.Path);

        Assert.That((keys.Find(named.Thumbprint), keys.Find(_answer.Keys[0].Thumbprint)), Is.EqualTo((named, (Jwk?)null)));
    }

    [Test]
    public void A_damaged_file_is_named()
    {
        _folder.Write(EnrolledServer.FileName, "{}");

        Assert.That(() => ReceiptKeys.Open(new UpstreamOptions(), _folder.Path).Find("x"), Throws.TypeOf<KeyFileException>().With.Message.Contains(EnrolledServer.FileName));
    }

    public void Dispose() => _folder.Dispose();

    void Keep(EnrolmentAnswer answer) => EnrolledServer.Keep(_folder.Path, EnrolmentAnswerCodec.Encode(answer, TestEnrolments.Code.ProofKey()));
}

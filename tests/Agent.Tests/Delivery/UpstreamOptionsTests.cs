using System.ComponentModel.DataAnnotations;
using Agent.Delivery;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

sealed class UpstreamOptionsTests : IDisposable
{
    const string Keys = """
        {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """;

    readonly TemporaryFolder _folder = new();

    [TestCase("https://audit.example")]
    [TestCase("https://audit.example:8443/prefix/")]
    [TestCase("http://127.0.0.1:5000")]
    [TestCase("http://[::1]:5000")]
    [TestCase("http://localhost")]
    public void Accepts_an_audit_server(string url) => Assert.That(Mistakes(url, KeyFile(Keys)), Is.Empty);

    [Test]
    public void Accepts_that_there_is_no_audit_server() => Assert.That(Mistakes(null, null), Is.Empty);

    [TestCase("http://audit.example", "must be https")]
    [TestCase("http://127.0.0.1.audit.example", "must be https")]
    [TestCase("ftp://audit.example", "is not an address")]
    [TestCase("audit.example", "is not an address")]
    [TestCase("", "is not an address")]
    [TestCase("https://user:pass@audit.example", "user name or password")]
    [TestCase("https://audit.example/?a=b", "query")]
    public void Rejects_an_address(string url, string reason)
    {
        var mistakes = Mistakes(url, KeyFile(Keys));

        Assert.That(mistakes, Has.Exactly(1).Items);
        Assert.That(mistakes[0], Does.StartWith("upstream.url").And.Contain(reason).And.Not.Contain("pass@"));
    }

    [TestCase("{\"keys\":[]}", "holds no P-256 key")]
    [TestCase("no json", "cannot be used")]
    public void Rejects_a_key_file(string content, string reason) =>
        Assert.That(Mistakes("https://audit.example", KeyFile(content)), Has.One.Contains(reason));

    [Test]
    public void Without_a_key_file_those_of_the_enrolment_are_meant() => Assert.That(Mistakes("https://audit.example", null), Is.Empty);

    [Test]
    public void Names_every_mistake_at_once()
    {
        Assert.That(Mistakes("http://audit.example", Path.Combine(_folder.Path, "nowhere")), Has.Count.EqualTo(2).And.One.Contains("nowhere"));
    }

    [Test]
    public void The_defaults_are_within_their_ranges()
    {
        var options = new UpstreamOptions();

        Assert.That(() => Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true), Throws.Nothing);
        Assert.That(options.Every, Is.EqualTo(TimeSpan.FromHours(1)));
    }

    public void Dispose() => _folder.Dispose();

    static List<string> Mistakes(string? url, string? keys) =>
        [.. new UpstreamOptionsValidator().Validate(null, new UpstreamOptions { Url = url, ReceiptKeys = keys }).Failures ?? []];

    string KeyFile(string content) => _folder.Write("keys.json", content);
}

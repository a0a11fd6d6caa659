using System.Net;
using Agent.Auditing;
using Agent.Keys;
using NUnit.Framework;

namespace Agent.Tests.Auditing;

internal sealed class PollOptionsTests
{
    const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Test]
    public void Without_an_address_nothing_else_is_needed() => Assert.That(Mistakes(new PollOptions()), Is.Empty);

    [TestCase("0.0.0.0:8443")]
    [TestCase("[::]:8443")]
    [TestCase("https://127.0.0.1:8443/")]
    public void An_address_with_a_port_and_one_who_may_ask_is_enough(string listen) =>
        Assert.That(Mistakes(new PollOptions { Listen = listen, BearerKeys = [Hash] }), Is.Empty);

    [TestCase("http://127.0.0.1:8443", "must be https")]
    [TestCase("127.0.0.1", "not an address")]
    [TestCase("127.0.0.1:0", "not an address")]
    [TestCase("example.org:8443", "not an address")]
    [TestCase("", "not an address")]
    public void What_cannot_be_listened_on_is_named(string listen, string why) =>
        Assert.That(Mistakes(new PollOptions { Listen = listen, BearerKeys = [Hash] }), Has.One.StartsWith("poll.listen:").And.One.Contains(why));

    [Test]
    public void Somebody_must_be_able_to_ask() =>
        Assert.That(Mistakes(new PollOptions { Listen = "127.0.0.1:8443" }), Has.One.Contains("nobody could ask"));

    [Test]
    public void A_key_instead_of_its_hash_is_refused_and_not_shown() =>
        Assert.That(Mistakes(new PollOptions { Listen = "127.0.0.1:8443", BearerKeys = [Hash, "the-key-itself"] }), Has.One.StartsWith("poll.bearerKeys[1]:").And.None.Contains("the-key-itself"));

    [Test]
    public void A_fingerprint_is_read_as_openssl_prints_it()
    {
        var printed = string.Join(':', Hash.ToUpperInvariant().Chunk(2).Select(pair => new string(pair)));
        Assert.That(Fingerprint.Parse(printed), Is.EqualTo(Convert.FromHexString(Hash)));
        Assert.That(Mistakes(new PollOptions { Listen = "127.0.0.1:8443", ClientCertificates = [printed] }), Is.Empty);
    }

    [Test]
    public void The_certificate_is_made_once_lasts_ten_years_and_lies_as_every_secret_does()
    {
        using var folder = new TemporaryFolder();
        using var first = PollCertificate.Open(folder.Path, IPAddress.Parse("192.0.2.7"), TimeProvider.System);
        using var second = PollCertificate.Open(folder.Path, IPAddress.Parse("192.0.2.8"), TimeProvider.System);

        Assert.That(PollCertificate.FingerprintOf(second), Is.EqualTo(PollCertificate.FingerprintOf(first)));
        Assert.That(first.NotAfter.ToUniversalTime(), Is.EqualTo(TimeProvider.System.GetUtcNow().UtcDateTime.AddYears(10)).Within(TimeSpan.FromDays(1)));
        Assert.That(first.MatchesHostname("192.0.2.7"), Is.True);
        Assert.That(first.MatchesHostname("localhost"), Is.True);
        var file = Path.Combine(folder.Path, PollCertificate.FileName);
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.That(() => PollCertificate.Open(folder.Path, IPAddress.Any, TimeProvider.System), Throws.TypeOf<KeyFileException>());
        }
    }

    [Test]
    public void A_file_that_is_no_certificate_is_named()
    {
        using var folder = new TemporaryFolder();
        KeyFile.WriteSecret(Path.Combine(folder.Path, PollCertificate.FileName), "nothing"u8.ToArray());

        Assert.That(() => PollCertificate.Open(folder.Path, IPAddress.Any, TimeProvider.System), Throws.TypeOf<KeyFileException>().With.Message.Contains(PollCertificate.FileName));
    }

    [Test]
    public void The_memory_of_nonces_is_bounded_and_forgets_the_oldest()
    {
        var nonces = new AnsweredNonces(most: 2);

        Assert.That(new[] { "a", "b", "a", "c", "b", "a" }.Select(nonces.Take), Is.EqualTo(new[] { true, true, false, true, false, true }));
    }

    static IEnumerable<string> Mistakes(PollOptions options) => new PollOptionsValidator().Validate(null, options).Failures ?? [];
}

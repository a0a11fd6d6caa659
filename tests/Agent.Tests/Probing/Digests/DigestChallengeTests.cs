using Agent.Probing.Digests;
using NUnit.Framework;

namespace Agent.Tests.Probing.Digests;

sealed class DigestChallengeTests
{
    [Test]
    public void The_challenge_of_the_rfc_is_read()
    {
        var challenge = DigestChallenge.Choose(["""Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41" """])!;
        Assert.Multiple(() =>
        {
            Assert.That(challenge.Realm, Is.EqualTo("testrealm@host.com"));
            Assert.That(challenge.Nonce, Is.EqualTo("dcd98b7102dd2f0e8b11d0f600bfb0c093"));
            Assert.That(challenge.Opaque, Is.EqualTo("5ccc069c403ebaf9f0171e9517f40e41"));
            Assert.That(challenge.Algorithm, Is.EqualTo(DigestAlgorithm.Md5));
            Assert.That(challenge.NamesAlgorithm, Is.False);
            Assert.That(challenge.UsesQop, Is.True);
            Assert.That(challenge.IsStale, Is.False);
        });
    }

    [Test]
    public void A_recorders_challenge_without_qop_and_with_quoted_words_is_read()
    {
        var challenge = DigestChallenge.Choose(["""Digest realm="IP Camera(12345)", nonce="1b2c", algorithm="MD5", stale="FALSE" """])!;
        Assert.Multiple(() =>
        {
            Assert.That(challenge.Realm, Is.EqualTo("IP Camera(12345)"));
            Assert.That(challenge.Algorithm, Is.EqualTo(DigestAlgorithm.Md5));
            Assert.That(challenge.NamesAlgorithm, Is.True);
            Assert.That(challenge.UsesQop, Is.False);
            Assert.That(challenge.IsStale, Is.False);
        });
    }

    [TestCase("""Digest realm="r", nonce="n", stale="TRUE" """)]
    [TestCase("""Digest realm="r", nonce="n", stale=true""")]
    [TestCase("""dIGEST  Realm = "r" ,NONCE="n",Stale=True""")]
    public void Words_are_read_in_any_case_and_quoting(string header)
    {
        var challenge = DigestChallenge.Choose([header])!;
        Assert.That((challenge.Realm, challenge.Nonce, challenge.IsStale), Is.EqualTo(("r", "n", true)));
    }

    [TestCase("MD5", DigestAlgorithm.Md5)]
    [TestCase("md5-sess", DigestAlgorithm.Md5Session)]
    [TestCase("SHA-256", DigestAlgorithm.Sha256)]
    [TestCase("\"SHA-256-sess\"", DigestAlgorithm.Sha256Session)]
    public void Every_algorithm_is_known_quoted_or_not(string said, object algorithm) =>
        Assert.That(DigestChallenge.Choose([$"Digest realm=\"r\", nonce=\"n\", algorithm={said}"])!.Algorithm, Is.EqualTo(algorithm));

    [Test]
    public void The_first_that_can_be_answered_is_chosen_in_the_peers_order() =>
        Assert.Multiple(() =>
        {
            Assert.That(Chosen("""Digest realm="a", nonce="n", algorithm=SHA-256""", """Digest realm="b", nonce="n", algorithm=MD5"""), Is.EqualTo("a"));
            Assert.That(Chosen("""Digest realm="a", nonce="n", algorithm=SHA-512-256""", """Digest realm="b", nonce="n" """), Is.EqualTo("b"));
            Assert.That(Chosen("""Basic realm="a" """, """Digest realm="b", nonce="n" """), Is.EqualTo("b"));
        });

    [Test]
    public void Several_challenges_in_one_header_are_told_apart() =>
        Assert.Multiple(() =>
        {
            Assert.That(Chosen("""Basic realm="a, Digest realm=x", Digest realm="b, c", nonce="n", qop="auth,auth-int" """), Is.EqualTo("b, c"));
            Assert.That(Chosen("""Newauth realm="apps", type=1, title="Login to \"apps\"", Digest realm="b", nonce="n", Basic realm="simple" """), Is.EqualTo("b"));
            Assert.That(Chosen("""Negotiate, Digest realm="b", nonce="n" """), Is.EqualTo("b"));
        });

    [TestCase("""Basic realm="r" """)]
    [TestCase("Basic")]
    [TestCase("")]
    [TestCase(",,,=,\"")]
    [TestCase("Digest")]
    [TestCase("""Digest realm="r" """)]
    [TestCase("""Digest nonce="n" """)]
    [TestCase("""Digest realm="r", nonce="" """)]
    [TestCase("""Digest realm="r", nonce="n", qop="auth-int" """)]
    [TestCase("""Digest realm="r", nonce="n", algorithm=MD6""")]
    [TestCase("Digest realm=\"r\", nonce=\"n\r\nX: y\"")]
    public void What_cannot_be_answered_is_no_challenge(string header) =>
        Assert.That(DigestChallenge.Choose([header]), Is.Null);

    [Test]
    public void A_challenge_longer_than_any_device_sends_is_not_read() =>
        Assert.That(DigestChallenge.Choose([$"Digest realm=\"r\", nonce=\"{new string('n', 10_000)}\""]), Is.Null);

    [Test]
    public void Random_headers_are_read_without_an_exception()
    {
        const string Alphabet = "Digest BASICrealmnonceqop=\"\"\"\\,,  =\t'auth-int0123MD5\u00e9\u4e2d\0\r\n";
        var random = new Random(1);
        Assert.DoesNotThrow(() =>
        {
            for (var i = 0; i < 20_000; i++)
                DigestChallenge.Choose([string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => Alphabet[random.Next(Alphabet.Length)]))]);
        });
    }

    static string? Chosen(params string[] headers) => DigestChallenge.Choose(headers)?.Realm;
}

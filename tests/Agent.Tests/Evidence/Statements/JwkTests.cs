using System.Security.Cryptography;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

sealed class JwkTests
{
    [TestCase("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", TestName = "Thumbprint_of_the_key_in_RFC_9449_is_the_one_printed_there")]
    [TestCase("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", TestName = "Thumbprint_of_the_key_in_RFC_7517_is_what_others_compute")]
    public void Thumbprint_is_that_of_RFC_7638(string x, string y, string thumbprint) =>
        Assert.That(Jwk.Parse($$"""{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}"}""").Thumbprint, Is.EqualTo(thumbprint));

    [Test]
    public void A_key_survives_writing_and_reading()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = Jwk.FromKey(key);

        var read = Jwk.Parse(jwk.ToJson());
        using var again = read.ToKey();

        Assert.That(read, Is.EqualTo(jwk));
        Assert.That(again.ExportSubjectPublicKeyInfo(), Is.EqualTo(key.ExportSubjectPublicKeyInfo()));
    }

    [Test]
    public void The_private_half_never_gets_in()
    {
        using var key = TestKeys.Server();

        Assert.That(Jwk.FromKey(key).ToJson(), Does.Not.Contain("\"d\""));
        Assert.That(() => Jwk.Parse(Sound("\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\",")),
            Throws.TypeOf<FormatException>().With.Message.Contains("private part"));
    }

    [TestCase("P-384")]
    [TestCase("secp256k1")]
    public void A_key_on_another_curve_is_refused(string name)
    {
        using var key = ECDsa.Create(name == "P-384" ? ECCurve.NamedCurves.nistP384 : ECCurve.CreateFromFriendlyName(name));

        Assert.That(() => Jwk.FromKey(key), Throws.TypeOf<ArgumentException>());
    }

    [Test]
    public void The_curve_is_known_by_its_number_or_by_its_name_alone_but_not_by_its_numbers()
    {
        using var key = TestKeys.Agent();
        var parameters = key.ExportParameters(includePrivateParameters: false);
        var named = parameters with { Curve = ECCurve.CreateFromOid(new Oid(null, "nistP256")) };
        var other = parameters with { Curve = ECCurve.CreateFromOid(new Oid(null, "nistP384")) };

        Assert.That(Jwk.FromParameters(named, "key"), Is.EqualTo(Jwk.FromKey(key)));
        Assert.That(() => Jwk.FromParameters(other, "key"), Throws.TypeOf<ArgumentException>().With.Property("ParamName").EqualTo("key"));
        Assert.That(() => Jwk.FromParameters(parameters with { Curve = key.ExportExplicitParameters(false).Curve }, "key"), Throws.TypeOf<ArgumentException>());
    }

    [Test]
    public void Two_keys_are_equal_when_they_are_the_same_point()
    {
        using var agent = TestKeys.Agent();
        using var server = TestKeys.Server();
        var (key, same, other) = (Jwk.FromKey(agent), Jwk.FromKey(agent), Jwk.FromKey(server));
        var copy = key with { };

        Assert.That(new Jwk?[] { same, copy, other, null }.Select(key.Equals), Is.EqualTo(new[] { true, true, false, false }));
        Assert.That((same.GetHashCode(), copy.GetHashCode()), Is.EqualTo((key.GetHashCode(), key.GetHashCode())));
        Assert.That(other.GetHashCode(), Is.Not.EqualTo(key.GetHashCode()));
        Assert.That(copy.Verify("x"u8, agent.SignData("x"u8, HashAlgorithmName.SHA256)), Is.True);
    }

    [Test]
    public void One_key_checks_many_signatures_at_once()
    {
        using var key = TestKeys.Agent();
        var signature = key.SignData("sound"u8.ToArray(), HashAlgorithmName.SHA256);
        var jwk = Jwk.FromKey(key);
        using var together = new Barrier(8);
        var wrong = 0;
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                together.SignalAndWait();
                if (!jwk.Verify("sound"u8, signature) || jwk.Verify("other"u8, signature))
                    Interlocked.Increment(ref wrong);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        Assert.That(wrong, Is.Zero);
    }

    [TestCase("[]", "not a JSON object")]
    [TestCase("""{"kty":"EC","crv":"P-256","x":7,"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""", "\"x\" is not base64url of 32 bytes")]
    [TestCase("""{"kty":"EC","crv":"P-256","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""", "\"x\" is not base64url of 32 bytes")]
    [TestCase("""{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}""", "\"y\" is not base64url of 32 bytes")]
    [TestCase("""{"crv":"P-256"}""", "\"kty\" is missing")]
    [TestCase("""{"kty":"EC"}""", "\"crv\" is missing")]
    [TestCase("""{"kty":"EC","crv":"P-384"}""", "\"crv\" must be \"P-256\"")]
    [TestCase("""{"kty":"EC","crv":"P-256","use":"enc"}""", "\"use\" must be \"sig\"")]
    [TestCase("""{"kty":"EC","crv":"P-256","alg":"ES384"}""", "\"alg\" must be \"ES256\"")]
    [TestCase("""{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"x"}""", "\"kid\" must be")]
    [TestCase("""{"kty":"EC","crv":"P-256","x":"f83OJ3D3xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""", "not a point of P-256")]
    public void What_is_wrong_with_a_key_is_named(string json, string reason) =>
        Assert.That(() => Jwk.Parse(json), Throws.TypeOf<FormatException>().With.Message.Contains(reason));

    [TestCase("\"EC\"", "\"RSA\"")]
    [TestCase("\"EC\"", "7")]
    [TestCase("P-256", "P-384")]
    [TestCase("\"kty\":\"EC\",", "")]
    [TestCase("f83OJ3D2", "f83OJ3D3")] // not on the curve
    [TestCase("f83OJ3D2", "f83O")]
    [TestCase("RVEU\"", "RVEU=\"")]
    [TestCase("RVEU\"", "RVEV\"")] // an unused bit set
    [TestCase("{\"", "{\"use\":\"enc\",\"")]
    [TestCase("{\"", "{\"alg\":\"ES384\",\"")]
    [TestCase("{\"", "{\"kid\":\"other\",\"")]
    [TestCase("{\"", "{\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"")]
    [TestCase("{", "[")]
    public void A_broken_key_is_refused(string from, string to) =>
        Assert.That(() => Jwk.Parse(Sound("").Replace(from, to, StringComparison.Ordinal)), Throws.TypeOf<FormatException>());

    [Test]
    public void A_set_survives_and_leaves_out_keys_of_other_kinds()
    {
        using var agent = TestKeys.Agent();
        using var server = TestKeys.Server();
        var set = new JwkSet([Jwk.FromKey(agent), Jwk.FromKey(server)]);

        var read = JwkSet.Parse(set.ToJson().Replace("[", """[{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"OKP","crv":"Ed25519","x":"AA"},""", StringComparison.Ordinal));

        Assert.That(read.Keys, Is.EqualTo(set.Keys));
        Assert.That(read.Find(Jwk.FromKey(server).Thumbprint), Is.EqualTo(Jwk.FromKey(server)));
        Assert.That(read.Find("other"), Is.Null);
    }

    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"keys":{}}""")]
    [TestCase("""{"keys":[{"kty":"EC","crv":"P-256"}]}""")]
    public void A_broken_set_is_refused(string json) =>
        Assert.That(() => JwkSet.Parse(json), Throws.TypeOf<FormatException>());

    static string Sound(string more) =>
        $$"""{{{more}}"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";
}

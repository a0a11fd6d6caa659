using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Statements;
using CsCheck;
using Jose;
using NUnit.Framework;
using Jwk = Agent.Evidence.Statements.Jwk;

namespace Agent.Tests.Evidence.Statements;

sealed class JwsTests
{
    const string Type = StatementTypes.Heartbeat;

    static readonly byte[] Payload = Encoding.UTF8.GetBytes("""{"text":"前门"}""");

    [Test]
    public void What_is_signed_verifies_and_comes_back_byte_for_byte() => Gen.Byte.Array[0, 300].Sample(payload =>
    {
        using var key = TestKeys.Agent();
        var check = Jws.Verify(Jws.Sign(payload, Type, key), Type, TestKeys.Pinned(key));

        return check is { Fault: null, Message: "" } && check.Payload.Span.SequenceEqual(payload) && check.Key == Jwk.FromKey(key);
    }, iter: 50);

    [Test]
    public void The_header_is_exactly_the_documented_one()
    {
        using var key = TestKeys.Agent();
        var header = StrictBase64Url.Decode(Jws.Sign(Payload, Type, key).Split('.')[0])!;

        Assert.That(Encoding.UTF8.GetString(header), Is.EqualTo(
            """{"alg":"ES256","typ":"footage-heartbeat+jws","kid":"DOvxvJiAdIqVWIkFt5hDtCunXLF0BV4-JGv4f-ALSm0"}"""));
    }

    [Test]
    public void Another_implementation_verifies_what_we_sign()
    {
        using var key = TestKeys.Agent();
        using var publicKey = Jwk.FromKey(key).ToKey();

        Assert.That(JWT.DecodeBytes(Jws.Sign(Payload, Type, key), publicKey, JwsAlgorithm.ES256), Is.EqualTo(Payload));
    }

    [Test]
    public void We_verify_what_another_implementation_signs()
    {
        using var key = TestKeys.Agent();
        var headers = new Dictionary<string, object> { ["kid"] = Jwk.FromKey(key).Thumbprint, ["typ"] = Type, ["jku"] = "https://127.0.0.1/", ["x"] = 1 };

        var check = Jws.Verify(JWT.EncodeBytes(Payload, key, JwsAlgorithm.ES256, headers), Type, TestKeys.Pinned(key));

        Assert.That(check.Fault, Is.Null, check.Message);
        Assert.That(check.Payload.ToArray(), Is.EqualTo(Payload));
    }

    [Test]
    public void Every_single_changed_character_is_refused()
    {
        using var key = TestKeys.Agent();
        var pinned = TestKeys.Pinned(key);
        var sound = Jws.Sign(Payload, Type, key);
        var signature = sound.LastIndexOf('.') + 1;

        for (var at = 0; at < sound.Length; at++)
            foreach (var other in at < signature ? "A_." : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= +/")
                if (other != sound[at])
                    Assert.That(Jws.Verify($"{sound[..at]}{other}{sound[(at + 1)..]}", Type, pinned).Fault, Is.Not.Null, $"{other} at {at}");
    }

    [Test]
    public void Every_single_changed_byte_is_refused()
    {
        using var key = TestKeys.Agent();
        var pinned = TestKeys.Pinned(key);
        var parts = Jws.Sign(Payload, Type, key).Split('.');

        for (var part = 0; part < 3; part++)
        {
            var bytes = StrictBase64Url.Decode(parts[part])!;
            for (var at = 0; at < bytes.Length; at++)
            {
                bytes[at] ^= 1;
                var changed = string.Join('.', parts.Select((text, i) => i == part ? StrictBase64Url.Encode(bytes) : text));
                Assert.That(Jws.Verify(changed, Type, pinned).Fault, Is.Not.Null, $"byte {at} of part {part}");
                bytes[at] ^= 1;
            }
        }
    }

    [TestCase("ES256", "none", JwsFault.WrongAlgorithm)]
    [TestCase("ES256", "None", JwsFault.WrongAlgorithm)]
    [TestCase("ES256", "HS256", JwsFault.WrongAlgorithm)]
    [TestCase("ES256", "ES384", JwsFault.WrongAlgorithm)]
    [TestCase("ES256", "es256", JwsFault.WrongAlgorithm)]
    [TestCase("\"ES256\"", "[\"ES256\"]", JwsFault.WrongAlgorithm)]
    [TestCase("\"alg\":\"ES256\",", "", JwsFault.WrongAlgorithm)]
    [TestCase("footage-heartbeat+jws", "footage-receipt+jws", JwsFault.WrongType)]
    [TestCase("footage-heartbeat+jws", "JWT", JwsFault.WrongType)]
    [TestCase("\"typ\":\"footage-heartbeat+jws\",", "", JwsFault.WrongType)]
    [TestCase("DOvx", "AAAA", JwsFault.UnknownKey)]
    [TestCase("DOvxvJiAdIqVWIkFt5hDtCunXLF0BV4-JGv4f-ALSm0", "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", JwsFault.BadSignature)]
    [TestCase("{\"alg", "{\"crit\":[\"b64\"],\"b64\":false,\"alg", JwsFault.Malformed)]
    [TestCase("{\"alg", "{\"crit\":[],\"alg", JwsFault.Malformed)]
    [TestCase("{\"alg", "{\"alg\":\"none\",\"alg", JwsFault.Malformed)]
    [TestCase("}", "", JwsFault.Malformed)]
    [TestCase("{", "[{", JwsFault.Malformed)]
    public void A_header_signed_by_the_key_itself_is_still_refused(string from, string to, JwsFault fault)
    {
        using var key = TestKeys.Agent();
        using var other = TestKeys.Server();
        var header = $$"""{"alg":"ES256","typ":"footage-heartbeat+jws","kid":"{{Jwk.FromKey(key).Thumbprint}}"}""";
        var signed = $"{Text(header.Replace(from, to, StringComparison.Ordinal))}.{StrictBase64Url.Encode(Payload)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);

        var check = Jws.Verify($"{signed}.{StrictBase64Url.Encode(signature)}", Type, TestKeys.Pinned(key, other));

        Assert.That(check.Fault, Is.EqualTo(fault), check.Message);
        Assert.That(check.Message, Is.Not.Empty);
        Assert.That(check.Payload.Length, Is.Zero);
        Assert.That(check.Key, Is.Null);

        static string Text(string text) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(text));
    }

    [Test]
    public void A_key_sent_along_is_not_looked_at()
    {
        using var stranger = TestKeys.Server();
        using var pinned = TestKeys.Agent();
        var headers = new Dictionary<string, object>
        {
            ["kid"] = Jwk.FromKey(stranger).Thumbprint,
            ["typ"] = Type,
            ["jwk"] = new Dictionary<string, object> { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Jwk.FromKey(stranger).X, ["y"] = Jwk.FromKey(stranger).Y },
        };

        var check = Jws.Verify(JWT.EncodeBytes(Payload, stranger, JwsAlgorithm.ES256, headers), Type, TestKeys.Pinned(pinned));

        Assert.That(check.Fault, Is.EqualTo(JwsFault.UnknownKey));
    }

    [Test]
    public void A_lookup_that_answers_with_another_key_is_not_believed()
    {
        using var signer = TestKeys.Agent();
        using var other = TestKeys.Server();

        Assert.That(Jws.Verify(Jws.Sign(Payload, Type, signer), Type, _ => Jwk.FromKey(other)).Fault, Is.EqualTo(JwsFault.UnknownKey));
    }

    [Test]
    public void A_secret_made_from_the_public_key_signs_nothing()
    {
        using var key = TestKeys.Agent();
        var headers = new Dictionary<string, object> { ["kid"] = Jwk.FromKey(key).Thumbprint, ["typ"] = Type };
        var forged = JWT.EncodeBytes(Payload, key.ExportSubjectPublicKeyInfo(), JwsAlgorithm.HS256, headers);

        Assert.That(Jws.Verify(forged, Type, TestKeys.Pinned(key)).Fault, Is.EqualTo(JwsFault.WrongAlgorithm));
    }

    [Test]
    public void A_signature_of_zeros_or_in_DER_is_refused()
    {
        using var key = TestKeys.Agent();
        var signed = Jws.Sign(Payload, Type, key) is var jws ? jws[..jws.LastIndexOf('.')] : "";
        var der = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        foreach (var signature in new[] { new byte[64], Array.Empty<byte>(), new byte[63], der })
            Assert.That(Jws.Verify($"{signed}.{StrictBase64Url.Encode(signature)}", Type, TestKeys.Pinned(key)).Fault, Is.EqualTo(JwsFault.BadSignature));
    }

    [TestCase("")]
    [TestCase("..")]
    [TestCase("a.b")]
    [TestCase("e30.e30.e30.e30")]
    [TestCase("e30.e30")]
    [TestCase(" e30.e30.e30")]
    [TestCase("e30=.e30.e30")]
    [TestCase("bnVsbA.e30.e30")]
    [TestCase("\ud800.e30.e30")]
    public void What_is_not_a_JWS_is_malformed(string text)
    {
        using var key = TestKeys.Agent();

        Assert.That(Jws.Verify(text, Type, TestKeys.Pinned(key)).Fault, Is.EqualTo(JwsFault.Malformed));
    }

    [Test]
    public void White_space_and_padding_around_a_sound_JWS_are_refused()
    {
        using var key = TestKeys.Agent();
        var sound = Jws.Sign(Payload, Type, key);

        foreach (var changed in new[] { $" {sound}", $"{sound}\n", sound.Replace(".", ".\n", StringComparison.Ordinal), $"{sound}==", $"{sound}." })
            Assert.That(Jws.Verify(changed, Type, TestKeys.Pinned(key)).Fault, Is.EqualTo(JwsFault.Malformed));
    }

    [Test]
    public void Random_text_never_throws() => Gen.String[Gen.Char["eyJ0.-_ =\"{}\u00e9"], 0, 120].Sample(text =>
        Jws.Verify(text, Type, _ => null).Fault is not null);

    [Test]
    public void A_JWS_above_the_size_cap_is_neither_made_nor_read()
    {
        using var key = TestKeys.Agent();

        Assert.That(() => Jws.Sign(new byte[2 << 20], Type, key), Throws.TypeOf<ArgumentException>());
        Assert.That(Jws.Verify(new string('A', Jws.MaxLength + 1), Type, TestKeys.Pinned(key)).Fault, Is.EqualTo(JwsFault.Malformed));
        Assert.That(Jws.Verify(Jws.Sign(new byte[1 << 20], Type, key), Type, TestKeys.Pinned(key)).Fault, Is.Null);
    }
}

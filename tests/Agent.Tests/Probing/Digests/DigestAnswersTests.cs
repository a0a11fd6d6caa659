using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Agent.Keys;
using Agent.Probing.Digests;
using Agent.Recorders;
using NUnit.Framework;

namespace Agent.Tests.Probing.Digests;

sealed class DigestAnswersTests
{
    // hashlib's answer to the formulas of RFC 7616, 3.4, for one case a line.
    const string OtherImplementation = """
        import hashlib, json, sys
        for line in sys.stdin:
            c = json.loads(line)
            h = lambda text: hashlib.new('sha256' if c['algorithm'].startswith('SHA') else 'md5', text).hexdigest().encode()
            b = lambda name: bytes.fromhex(c[name])
            a1 = h(b('user') + b':' + b('realm') + b':' + b('password'))
            if c['algorithm'].endswith('sess'):
                a1 = h(a1 + b':' + b('nonce') + b':' + b('cnonce'))
            a2 = h(b('method') + b':' + b('uri'))
            middle = b':' + b('nc') + b':' + b('cnonce') + b':auth:' if c['qop'] else b':'
            print(h(a1 + b':' + b('nonce') + middle + a2).decode())
        """;

    static readonly RecorderLogin Mufasa = new("Mufasa", new Secret("Circle of Life"));

    // RFC 7616, 3.9.1 and RFC 2617, 3.5.
    [TestCase("MD5", "http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "Circle of Life", "8ca523f5e9506fed4657c9700eebdbec")]
    [TestCase("SHA-256", "http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "Circle of Life", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    [TestCase("MD5", "testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "0a4f113b", "Circle Of Life", "6629fae49393a05397450978507c4ef1")]
    public void The_examples_of_the_rfcs_come_out(string algorithm, string realm, string nonce, string cnonce, string password, string response)
    {
        var challenge = Challenge($"Digest realm=\"{realm}\", nonce=\"{nonce}\", qop=\"auth\", algorithm={algorithm}");
        Assert.That(DigestResponse.Of(challenge, Mufasa with { Password = new Secret(password) }, "GET", "/dir/index.html", "00000001", cnonce), Is.EqualTo(response));
    }

    [Test]
    public void Another_implementation_computes_the_same_of_random_cases()
    {
        var random = new Random(7);
        var (asked, ours) = (new StringBuilder(), new List<string>());
        for (var i = 0; i < 400; i++)
        {
            var algorithm = new[] { "MD5", "MD5-sess", "SHA-256", "SHA-256-sess" }[i % 4];
            var qop = random.Next(2) == 0;
            var (user, password) = (Words(random, "abc 用户é\"\\"), Words(random, "pass 密码:%"));
            var (realm, nonce, uri, cnonce) = (Words(random, "IP Camera(1)\u00d6\u00d0@"), Words(random, "0123abcd="), "rtsp://h/" + Words(random, "a?=&/1"), Words(random, "0f9"));
            var challenge = Challenge($"Digest realm=\"{realm}\", nonce=\"{nonce}\", algorithm={algorithm}{(qop ? ", qop=\"auth\"" : "")}");
            ours.Add(DigestResponse.Of(challenge, new RecorderLogin(user, new Secret(password)), "PLAY", uri, "0000000a", cnonce));
            asked.AppendLine(JsonSerializer.Serialize(new
            {
                algorithm,
                qop,
                user = Hex(user, Encoding.UTF8),
                password = Hex(password, Encoding.UTF8),
                realm = Hex(realm, Encoding.Latin1),
                nonce = Hex(nonce, Encoding.Latin1),
                uri = Hex(uri, Encoding.Latin1),
                cnonce = Hex(cnonce, Encoding.Latin1),
                method = Hex("PLAY", Encoding.Latin1),
                nc = Hex("0000000a", Encoding.Latin1),
            }));
        }
        Assert.That(ours, Is.EqualTo(Python(asked.ToString())));
    }

    [Test]
    public void An_answer_says_what_the_peer_needs_and_no_more()
    {
        var (challenge, answers) = Answers("""Digest realm="r", nonce="n", opaque="o", algorithm="MD5", qop="auth" """);
        var said = Fields(answers.Authorization("DESCRIBE", "rtsp://10.0.0.1/a"));
        Assert.Multiple(() =>
        {
            Assert.That(said.Keys, Is.EquivalentTo(new[] { "username", "realm", "nonce", "uri", "response", "algorithm", "qop", "nc", "cnonce", "opaque" }));
            Assert.That((said["username"], said["realm"], said["nonce"], said["opaque"]), Is.EqualTo(("\"Mufasa\"", "\"r\"", "\"n\"", "\"o\"")));
            Assert.That((said["uri"], said["algorithm"], said["qop"], said["nc"]), Is.EqualTo(("\"rtsp://10.0.0.1/a\"", "MD5", "auth", "00000001")));
            Assert.That(said["response"], Is.EqualTo($"\"{DigestResponse.Of(challenge, Mufasa, "DESCRIBE", "rtsp://10.0.0.1/a", "00000001", said["cnonce"].Trim('"'))}\""));
        });
    }

    [Test]
    public void Without_qop_nothing_is_counted_and_nothing_unknown_is_named() =>
        Assert.That(Fields(Answers("""Digest realm="r", nonce="n" """).Answers.Authorization("OPTIONS", "*")).Keys,
            Is.EquivalentTo(new[] { "username", "realm", "nonce", "uri", "response" }));

    [Test]
    public void Every_request_counts_on_and_has_its_own_cnonce()
    {
        var answers = Answers("""Digest realm="r", nonce="n", qop="auth" """).Answers;
        var said = Enumerable.Range(0, 17).Select(_ => Fields(answers.Authorization("PLAY", "u"))).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(said.Select(s => s["nc"]), Is.EqualTo(Enumerable.Range(1, 17).Select(n => n.ToString("x8", null))));
            Assert.That(said.Select(s => s["cnonce"]), Is.Unique);
        });
    }

    [Test]
    public void A_session_keeps_the_cnonce_its_key_is_made_of()
    {
        var answers = Answers("""Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256-sess""").Answers;
        var first = Fields(answers.Authorization("PLAY", "u"));
        var second = Fields(answers.Authorization("PLAY", "u"));
        Assert.That((second["cnonce"], second["nc"]), Is.EqualTo((first["cnonce"], "00000002")));
    }

    [Test]
    public void Firmware_that_wants_quotes_round_qop_gets_them()
    {
        var answers = new DigestAnswers(Challenge("""Digest realm="r", nonce="n", qop="auth" """), Mufasa, quotesQop: true);
        Assert.That(Fields(answers.Authorization("POST", "/onvif/device_service"))["qop"], Is.EqualTo("\"auth\""));
    }

    [Test]
    public void Neither_a_name_nor_an_address_breaks_out_of_its_quotes()
    {
        var login = new RecorderLogin("a\", uri=\"x\r\nEvil: 1\\", new Secret("p"));
        var answer = new DigestAnswers(Challenge("""Digest realm="r", nonce="n" """), login).Authorization("PLAY", "rtsp://h/\"\r\nEvil: 1");
        Assert.Multiple(() =>
        {
            Assert.That(answer.Any(char.IsControl), Is.False);
            Assert.That(Fields(answer)["uri"], Is.EqualTo("""
                "rtsp://h/\"Evil: 1"
                """));
            Assert.That(Fields(answer)["username"], Is.EqualTo("""
                "a\", uri=\"xEvil: 1\\"
                """));
        });
    }

    [Test]
    public void The_password_is_in_no_answer_and_no_text()
    {
        var login = new RecorderLogin("admin", new Secret("Tr0ub4dor&3"));
        var challenge = Challenge("""Digest realm="r", nonce="n", qop="auth" """);
        var answers = new DigestAnswers(challenge, login);
        Assert.That($"{answers.Authorization("PLAY", "u")} {answers} {challenge} {login}", Does.Not.Contain("Tr0ub4dor"));
    }

    [Test]
    public void Basic_is_the_name_and_the_password_in_base64() => // RFC 7617, 2.1.
        Assert.Multiple(() =>
        {
            Assert.That(BasicAnswer.Authorization(new RecorderLogin("Aladdin", new Secret("open sesame"))), Is.EqualTo("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
            Assert.That(BasicAnswer.Authorization(new RecorderLogin("test", new Secret("123\u00a3"))), Is.EqualTo("Basic dGVzdDoxMjPCow=="));
        });

    static DigestChallenge Challenge(string header) => DigestChallenge.Choose([header])!;

    static (DigestChallenge Challenge, DigestAnswers Answers) Answers(string header) => (Challenge(header), new DigestAnswers(Challenge(header), Mufasa));

    static Dictionary<string, string> Fields(string answer)
    {
        Assert.That(answer, Does.StartWith("Digest "));
        return Regex.Matches(answer["Digest ".Length..], """(\w+)=("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)""").ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
    }

    static string Words(Random random, string alphabet) => string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => alphabet[random.Next(alphabet.Length)]));

    static string Hex(string text, Encoding encoding) => Convert.ToHexString(encoding.GetBytes(text));

    static string[] Python(string input)
    {
        var start = new ProcessStartInfo("python3") { RedirectStandardInput = true, RedirectStandardOutput = true, ArgumentList = { "-c", OtherImplementation } };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("python3 is not installed.");
            return [];
        }
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            return output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}

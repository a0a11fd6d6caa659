using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FakeRecorder.Http;

namespace FakeRecorder.Logins;

/// <summary>HTTP digest as RFC 7616 and RFC 2617 describe it, on the recorder's side, and as the manners of the recorder change it.</summary>
internal sealed partial class DigestGate(Quirks quirks, RecorderLogin login)
{
    const string Realm = "Fake recorder, main entrance";

    readonly Lock _gate = new();
    readonly Dictionary<string, IssuedNonce> _nonces = [];

    /// <summary>The challenges that a refusal carries, in the recorder's order.</summary>
    public IEnumerable<string> Challenges(string path, bool isStale)
    {
        var nonce = Issue(path);
        foreach (var algorithm in Algorithms)
        {
            var qop = quirks.Login == LoginMode.DigestMd5WithoutQop ? "" : ", qop=\"auth\"";
            var stale = isStale ? ", stale=\"TRUE\"" : "";
            // Some makers put the algorithm in quotes.
            yield return $"Digest realm=\"{Realm}\", nonce=\"{nonce}\", algorithm={(quirks.RefusesInHtml ? $"\"{algorithm}\"" : algorithm)}{qop}, opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"{stale}";
        }
    }

    /// <summary>Whether an Authorization header proves the password.</summary>
    public LoginOutcome Judge(HttpRequest request, string authorization)
    {
        var fields = Field().Matches(authorization["Digest ".Length..])
            .ToDictionary(match => match.Groups["name"].Value.ToLowerInvariant(), match => match.Groups["quoted"].Success ? Unescape(match.Groups["quoted"].Value) : match.Groups["bare"].Value, StringComparer.Ordinal);
        string Value(string name) => fields.GetValueOrDefault(name, "");
        var algorithm = fields.TryGetValue("algorithm", out var named) ? named : "MD5";
        if (!Algorithms.Contains(algorithm, StringComparer.OrdinalIgnoreCase) || Value("uri") != request.Path || Value("realm") != Realm)
            return LoginOutcome.Wrong;
        if (Value("username") != login.User || Value("response") != Response(request.Method, algorithm, Value))
            return LoginOutcome.Wrong;
        if (quirks.Login == LoginMode.DigestQuotedQop && !authorization.Contains("qop=\"auth\"", StringComparison.Ordinal))
            return LoginOutcome.Wrong;
        return Use(Value("nonce"), Value("nc"), request.Path);
    }

    IReadOnlyList<string> Algorithms => quirks.Login switch
    {
        LoginMode.DigestBoth => ["MD5", "SHA-256"],
        LoginMode.DigestSha256 => ["SHA-256"],
        _ => ["MD5"],
    };

    string Response(string method, string algorithm, Func<string, string> value)
    {
        string Hash(string text) => Convert.ToHexStringLower(algorithm.StartsWith("MD5", StringComparison.OrdinalIgnoreCase) ? Md5(text) : SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var first = Hash($"{login.User}:{Realm}:{login.Password}");
        var second = Hash($"{method}:{value("uri")}");
        if (quirks.Login == LoginMode.DigestMd5WithoutQop)
            return value("qop").Length == 0 ? Hash($"{first}:{value("nonce")}:{second}") : "no qop was offered";
        return value("qop") == "auth" ? Hash($"{first}:{value("nonce")}:{value("nc")}:{value("cnonce")}:auth:{second}") : "qop is needed";
    }

    string Issue(string path)
    {
        lock (_gate)
        {
            var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            _nonces.Add(nonce, new(path));
            return nonce;
        }
    }

    LoginOutcome Use(string nonce, string count, string path)
    {
        lock (_gate)
        {
            if (!_nonces.TryGetValue(nonce, out var issued))
                return LoginOutcome.Stale;
            if (quirks.NoncesBelongToPaths && issued.Path != path)
                return LoginOutcome.Wrong;
            var number = count.Length == 0 ? issued.Count + 1 : int.Parse(count, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (number <= issued.Count || (quirks.OneShotNonces && issued.Count > 0))
                return LoginOutcome.Stale;
            issued.Count = number;
            return LoginOutcome.Right;
        }
    }

    static string Unescape(string quoted) => quoted.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

#pragma warning disable CA5351 // It is what recorders speak.
    static byte[] Md5(string text) => MD5.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5351

    [GeneratedRegex("""(?<name>[A-Za-z]+)\s*=\s*("(?<quoted>(\\.|[^"\\])*)"|(?<bare>[^\s,"]+))""")]
    private static partial Regex Field();
}

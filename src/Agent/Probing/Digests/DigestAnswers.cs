using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Agent.Recorders;

namespace Agent.Probing.Digests;

/// <summary>Answers to one challenge, as many as requests are made before the peer sends another.</summary>
/// <param name="challenge">The peer's.</param>
/// <param name="login">Its password is in no answer, only a number that proves it.</param>
/// <param name="quotesQop">Against the RFC, <c>qop="auth"</c>: some firmware takes nothing else.</param>
internal sealed class DigestAnswers(DigestChallenge challenge, RecorderLogin login, bool quotesQop = false)
{
    const int CnonceBytes = 16;

    // The key of a session is made of its first cnonce (RFC 7616, 3.4.2), and peers differ in whether a later one changes it.
    readonly string? _sessionCnonce = challenge.Algorithm is DigestAlgorithm.Md5Session or DigestAlgorithm.Sha256Session ? FreshCnonce() : null;

    int _count;

    /// <summary>Value of the <c>Authorization</c> header of the next request. Its characters are bytes (Latin-1).</summary>
    /// <param name="method">Such as DESCRIBE or POST.</param>
    /// <param name="uri">Exactly as in the request line.</param>
    public string Authorization(string method, string uri)
    {
        var count = Interlocked.Increment(ref _count).ToString("x8", CultureInfo.InvariantCulture);
        var cnonce = _sessionCnonce ?? FreshCnonce();
        var answer = new StringBuilder("Digest ")
            .Append(CultureInfo.InvariantCulture, $"username=\"{Quotable(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(login.Username)))}\", ")
            .Append(CultureInfo.InvariantCulture, $"realm=\"{challenge.Realm}\", nonce=\"{challenge.Nonce}\", uri=\"{Quotable(uri)}\", ")
            .Append(CultureInfo.InvariantCulture, $"response=\"{DigestResponse.Of(challenge, login, method, uri, count, cnonce)}\"");
        if (challenge.NamesAlgorithm)
            answer.Append(CultureInfo.InvariantCulture, $", algorithm={NameOf(challenge.Algorithm)}");
        if (challenge.UsesQop)
            answer.Append(CultureInfo.InvariantCulture, $", qop={(quotesQop ? "\"auth\"" : "auth")}, nc={count}");
        if (challenge.UsesQop || _sessionCnonce is not null)
            answer.Append(CultureInfo.InvariantCulture, $", cnonce=\"{cnonce}\"");
        if (challenge.Opaque is { } opaque)
            answer.Append(CultureInfo.InvariantCulture, $", opaque=\"{opaque}\"");
        return answer.ToString();
    }

    static string FreshCnonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(CnonceBytes));

    /// <summary>Without what would end the quotes or the line.</summary>
    static string Quotable(string text) => string.Concat(text.Where(character => character is >= ' ' and not '\x7f'))
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    static string NameOf(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => "MD5",
        DigestAlgorithm.Md5Session => "MD5-sess",
        DigestAlgorithm.Sha256 => "SHA-256",
        _ => "SHA-256-sess",
    };
}

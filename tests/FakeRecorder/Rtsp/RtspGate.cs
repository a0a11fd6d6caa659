using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FakeRecorder.Rtsp;

/// <summary>Signs callers in as a Hikvision recorder does: Digest without qop, and words in quotes that need none; or with the password itself.</summary>
sealed partial class RtspGate(RtspScript script)
{
    readonly string _nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The header field with which a request is refused; null for one that is let in.</summary>
    public string? Refusal(SeenRtsp request)
    {
        if (script.Login is not { } login)
            return null;
        var said = request.Field("Authorization");
        if (script.AsksForBasic)
            return said == $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.User}:{login.Password}"))}" ? null : "WWW-Authenticate: Basic realm=\"DVR\"";
        var fields = AuthorizationPattern().Matches(said ?? "").ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var expected = Md5($"{Md5($"{login.User}:IP Camera(1):{login.Password}")}:{_nonce}:{Md5($"{request.Method}:{request.Url}")}");
        return fields.GetValueOrDefault("response") == expected && fields.GetValueOrDefault("uri") == request.Url
            ? null
            : $"WWW-Authenticate: Digest realm=\"IP Camera(1)\", nonce=\"{_nonce}\", algorithm=\"MD5\", stale=\"FALSE\"";
    }

#pragma warning disable CA5351 // The protocol says MD5.
    static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("(\\w+)=\"?([^\",]*)\"?")]
    private static partial Regex AuthorizationPattern();
}

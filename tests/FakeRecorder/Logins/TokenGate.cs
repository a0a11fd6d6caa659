using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using FakeRecorder.Answers;
using FakeRecorder.Soap;

namespace FakeRecorder.Logins;

/// <summary>WS-UsernameToken with a digest, on the recorder's side: a nonce is good once, and a token for as long as the recorder allows.</summary>
internal sealed class TokenGate(Quirks quirks, RecorderLogin login, RecorderClock clock)
{
    readonly Lock _gate = new();
    readonly HashSet<string> _nonces = [];

    public LoginOutcome Judge(SoapRequest request)
    {
        if (request.Header?.Element(Namespaces.Security + "Security")?.Element(Namespaces.Security + "UsernameToken") is not { } token)
            return LoginOutcome.Missing;
        var nonce = token.Element(Namespaces.Security + "Nonce")?.Value.Trim() ?? "";
        var created = token.Element(Namespaces.SecurityUtility + "Created")?.Value.Trim() ?? "";
        var password = token.Element(Namespaces.Security + "Password");
        if (token.Element(Namespaces.Security + "Username")?.Value != login.User || password?.Value.Trim() != Digest(nonce, created) || !IsDigest(password))
            return LoginOutcome.Wrong;
        var age = XmlConvert.ToDateTimeOffset(created).UtcDateTime - clock.OfTokens;
        if (age.Duration() > quirks.TokenWindow)
            return LoginOutcome.Wrong;
        lock (_gate)
            return _nonces.Add(nonce) ? LoginOutcome.Right : LoginOutcome.Wrong;
    }

    static bool IsDigest(XElement? password) => password?.Attribute("Type")?.Value.EndsWith("#PasswordDigest", StringComparison.Ordinal) == true;

#pragma warning disable CA5350 // It is what recorders speak.
    string Digest(string nonce, string created)
    {
        try
        {
            return Convert.ToBase64String(SHA1.HashData([.. Convert.FromBase64String(nonce), .. Encoding.UTF8.GetBytes(created), .. Encoding.UTF8.GetBytes(login.Password)]));
        }
        catch (FormatException)
        {
            return "the nonce is not Base64";
        }
    }
#pragma warning restore CA5350
}

using System.Text;
using FakeRecorder.Answers;
using FakeRecorder.Http;
using FakeRecorder.Soap;

namespace FakeRecorder.Logins;

/// <summary>Decides who may ask what, and says so as this recorder does.</summary>
internal sealed class LoginGate(Recorder recorder)
{
    // What the specification lets everybody ask.
    static readonly string[] BeforeLogin = ["GetSystemDateAndTime", "GetServices", "GetCapabilities", "GetServiceCapabilities", "GetHostname"];

    readonly Quirks _quirks = recorder.Quirks;
    readonly DigestGate? _digest = recorder.Script.Login is { } login ? new(recorder.Quirks, login) : null;
    readonly TokenGate? _token = recorder.Script.Login is { } login ? new(recorder.Quirks, login, recorder.Clock) : null;
    int _wrong;

    /// <summary>How many logins were wrong so far.</summary>
    public int WrongLogins => _wrong;

    /// <summary>The refusal, or null where the request may be answered.</summary>
    public HttpReply? Refusal(HttpRequest http, SoapRequest soap)
    {
        if (recorder.FaultAt(soap.Name) is Fault.LoginPage)
            return Html([]);
        if (recorder.FaultAt(soap.Name) is Fault.AsksForBasic)
            return Html(["Basic realm=\"recorder\""]);
        var refusesAll = recorder.FaultAt(soap.Name) is Fault.RefusesLogin;
        if (_digest is null || (!refusesAll && BeforeLogin.Contains(soap.Name) && !(_quirks.ClockNeedsLogin && soap.Name == "GetSystemDateAndTime")))
            return refusesAll ? Refuse(http, soap, LoginOutcome.Wrong) : null;
        var outcome = Judge(http, soap);
        if (outcome == LoginOutcome.Right && refusesAll)
            outcome = LoginOutcome.Wrong;
        if (outcome == LoginOutcome.Wrong)
            Interlocked.Increment(ref _wrong);
        // Who is locked out is refused with the right password too.
        if (_wrong >= _quirks.LocksAfter)
            outcome = LoginOutcome.Wrong;
        return outcome == LoginOutcome.Right ? null : Refuse(http, soap, outcome);
    }

    LoginOutcome Judge(HttpRequest http, SoapRequest soap)
    {
        var token = _token!.Judge(soap);
        var authorization = http.Header("Authorization");
        var digest = authorization is null ? LoginOutcome.Missing
            : authorization.StartsWith("Digest ", StringComparison.OrdinalIgnoreCase) ? _digest!.Judge(http, authorization)
            : LoginOutcome.Wrong;
        return _quirks.Login switch
        {
            LoginMode.Token => token,
            LoginMode.DigestOrToken when token == LoginOutcome.Missing => digest,
            LoginMode.DigestOrToken when digest == LoginOutcome.Missing => token,
            LoginMode.DigestOrToken => token == LoginOutcome.Right ? digest : token,
            _ => digest,
        };
    }

    HttpReply Refuse(HttpRequest http, SoapRequest soap, LoginOutcome outcome)
    {
        if (_quirks.Login == LoginMode.Token || _digest is null)
            return HttpReply.Soap(400, recorder.Writer.Write(SoapFaultException.NotAuthorized(outcome == LoginOutcome.Wrong ? "Wsse authorized time check failed" : "Sender not authorized")), _quirks);
        var challenges = _digest.Challenges(http.Path, outcome == LoginOutcome.Stale).ToList();
        if (_quirks.RefusesInHtml)
            return Html(challenges);
        return HttpReply.Soap(401, recorder.Writer.Write(SoapFaultException.NotAuthorized()), _quirks) with { Headers = Headers(challenges) };
    }

    static HttpReply Html(IEnumerable<string> challenges) => new(401, "text/html",
        Encoding.UTF8.GetBytes("<!DOCTYPE html><html><head><title>Document Error: Unauthorized</title></head><body><h2>Access Error: 401 -- Unauthorized<br></h2></body></html>")) { Headers = Headers(challenges) };

    static List<KeyValuePair<string, string>> Headers(IEnumerable<string> challenges) => [.. challenges.Select(challenge => KeyValuePair.Create("WWW-Authenticate", challenge))];
}

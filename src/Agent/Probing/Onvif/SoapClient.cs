using System.Net;
using System.Xml;
using Agent.Probing.Digests;
using Agent.Recorders;

namespace Agent.Probing.Onvif;

/// <summary>
/// Asks one recorder, one call at a time. What the world does to a call is a named failure, never an exception; a password leaves in no
/// form but as a digest, and only to the configured address.
/// </summary>
internal sealed class SoapClient(OnvifTransport transport, RecorderAddress address, RecorderLogin? login, OnvifOptions options, TimeProvider time)
{
    // A first call without proof, two proofs, and one more for a nonce that had grown old.
    const int MostSends = 4;

    readonly SignIn _signIn = new(login);

    bool _tokensByOtherClock;

    public RecorderAddress Address => address;

    /// <summary>Recorder's clock − ours, as measured last: a token is made on the recorder's time.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>The same by another reading of its clock; null where there is but one. Whoever tells local time for UTC may know better inside.</summary>
    public TimeSpan? OtherClockOffset { get; set; }

    /// <summary>Asks and waits for the answer.</summary>
    /// <param name="path">Of the service, with its query.</param>
    /// <param name="call">What is asked.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> says so.</exception>
    public async Task<SoapReply> AskAsync(string path, SoapCall call, CancellationToken cancel)
    {
        var (digest, token, isRemembered) = (_signIn.Remembered(path), _signIn.PrefersToken && !_signIn.IsUsedUp, true);
        bool triedDigest = false, triedToken = false, triedBothClocks = false;
        for (var sends = 1; ; sends++)
        {
            var exchange = await SendAsync(path, call, digest, token, cancel);
            if (!exchange.WantsLogin)
            {
                if (exchange.Reply.Failure is null && (digest is not null || token))
                    _signIn.Accepted(path, digest);
                return exchange.Reply;
            }

            var challenge = DigestChallenge.Choose(exchange.Challenges);
            var isStale = challenge?.IsStale == true;
            if (digest is not null && isRemembered)
                _signIn.Outworn(path, isStale);
            else if (token || (digest is not null && !isStale))
                _signIn.Refused();
            triedToken |= token;
            triedDigest |= digest is not null && !isRemembered && !isStale;

            if (login is null)
                return Failed(ProblemCode.LoginRefused, "it wants a login, and none is configured");
            if (_signIn.IsUsedUp)
                return Failed(ProblemCode.LoginRefused, "it refused the login twice; it is not tried again before the agent is started anew, since more tries may lock the account");
            if (sends == MostSends)
                return Failed(ProblemCode.LoginRefused, "it takes no login");
            (digest, token, isRemembered) = (null, false, false);
            if (challenge is not null && (!triedDigest || challenge.UsesQop))
                digest = _signIn.Answer(challenge, otherQuotes: triedDigest);
            else if (challenge is null && exchange.Challenges.Count > 0)
                return Failed(ProblemCode.WantsBasic, "it takes the password only in the clear, or in a way nobody knows, and is not given it");
            else if (!triedToken)
                token = true;
            else if (OtherClockOffset is not null && !triedBothClocks)
                (token, triedBothClocks, _tokensByOtherClock) = (true, true, !_tokensByOtherClock);
            else
                return Failed(ProblemCode.LoginRefused, "it refuses the login");
        }
    }

    async Task<Exchange> SendAsync(string path, SoapCall call, DigestAnswers? digest, bool token, CancellationToken cancel)
    {
        var uri = address.At(path);
        var header = token ? (Action<XmlWriter>)(xml => UsernameToken.Write(xml, login!, time.GetUtcNow() + (_tokensByOtherClock ? OtherClockOffset ?? ClockOffset : ClockOffset))) : null;
        using var patience = new CancellationTokenSource(options.AnswersWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            using var response = await transport.PostAsync(uri, call.Action, SoapEnvelope.Write(call, header), digest?.Authorization("POST", uri.PathAndQuery), either.Token);
            var challenges = response.StatusCode == HttpStatusCode.Unauthorized && response.Headers.TryGetValues("WWW-Authenticate", out var values) ? values.ToList() : [];
            if ((int)response.StatusCode is >= 300 and < 400)
                return new Exchange(Failed(ProblemCode.RecorderRedirects, $"it sends us elsewhere (HTTP {(int)response.StatusCode}); nobody goes there"), false, challenges);
            var reply = await BodyAsync(response, either.Token);
            // Of a refusal the body says nothing more: it may as well be a page for people.
            return new Exchange(InStatus(response.StatusCode, ToQuestion(call, reply)), response.StatusCode == HttpStatusCode.Unauthorized || IsRefusal(reply), challenges);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Nothing(ProblemCode.RecorderTimedOut, $"no answer within {options.AnswersWithin.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError switch
            {
                HttpRequestError.SecureConnectionError => Nothing(ProblemCode.UntrustedCertificate, "no safe connection: its certificate is not trusted on this machine, or it speaks no TLS"),
                HttpRequestError.ConfigurationLimitExceeded => Nothing(ProblemCode.ReplyTooLarge, "the headers of its answer are too large"),
                HttpRequestError.InvalidResponse => Nothing(ProblemCode.NotOnvif, "what answers is no web server"),
                HttpRequestError.ResponseEnded => Nothing(ProblemCode.RecorderUnreachable, "it hangs up without an answer"),
                HttpRequestError.NameResolutionError => Nothing(ProblemCode.RecorderUnreachable, "its name is not known"),
                _ => Nothing(ProblemCode.RecorderUnreachable, "no connection"),
            };
        }
        catch (IOException)
        {
            return Nothing(ProblemCode.MalformedReply, "the answer breaks off");
        }
    }

    static async Task<SoapReply> BodyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > SoapReader.Largest)
            return SoapReader.TooLarge();
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (body.Length + read > SoapReader.Largest)
                return SoapReader.TooLarge();
            await body.WriteAsync(buffer.AsMemory(0, read), cancel);
        }

        return SoapReader.Read(body.GetBuffer().AsSpan(0, (int)body.Length), response.Content.Headers.ContentType?.CharSet);
    }

    static SoapReply ToQuestion(SoapCall call, SoapReply reply) =>
        reply.Answer is { } answer && !string.Equals(answer.Name, $"{call.Operation}Response", StringComparison.OrdinalIgnoreCase)
            ? Failed(ProblemCode.MalformedReply, $"it answers {call.Operation} with something else")
            : reply;

    /// <summary>A message that came with a status of failure is one, whatever stands in it; a fault says more than the status.</summary>
    static SoapReply InStatus(HttpStatusCode status, SoapReply reply) =>
        (int)status is >= 200 and < 300 || reply.Failure is { FaultCodes.Count: > 0 } or { Code: ProblemCode.ReplyTooLarge or ProblemCode.MalformedReply } ? reply
        : Failed(reply.Failure?.Code ?? ProblemCode.RecorderFault, $"it answers with HTTP {(int)status}");

    /// <summary>How devices that know only tokens refuse (ONVIF Core: ter:NotAuthorized), and what WS-Security calls it.</summary>
    static bool IsRefusal(SoapReply reply) => reply.Failure is { } failure && (failure.Has("NotAuthorized") || failure.Has("SenderNotAuthorized")
        || failure.Has("FailedAuthentication") || failure.Has("InvalidSecurity") || failure.Has("InvalidSecurityToken")
        || (failure.Code == ProblemCode.RecorderFault && failure.Words.Contains("authorized", StringComparison.OrdinalIgnoreCase)));

    static Exchange Nothing(ProblemCode code, string words) => new(Failed(code, words), false, []);

    static SoapReply Failed(ProblemCode code, string words) => SoapReply.Failed(new SoapFailure(code, words));

    sealed record Exchange(SoapReply Reply, bool WantsLogin, IReadOnlyList<string> Challenges);
}

using Agent.Probing.Digests;

namespace Agent.Probing.Rtsp;

/// <summary>Signs requests of one connection, and knows when to stop trying.</summary>
/// <param name="access">With what, and whether the password itself may be told.</param>
internal sealed class RtspSignIn(RtspAccess access)
{
    DigestAnswers? _answers;
    bool _tellsPassword;

    /// <summary>For the header <c>Authorization</c>; null as long as nobody asked for it.</summary>
    public string? Authorization(string method, string url) =>
        _answers?.Authorization(method, url) ?? (_tellsPassword ? BasicAnswer.Authorization(access.Login!) : null);

    /// <summary>Takes the challenge of a refusal, so that the next request can answer it.</summary>
    /// <param name="refusal">A reply 401.</param>
    /// <param name="answered">The refused request answered a challenge that was made for it.</param>
    /// <exception cref="RtspFailedException">There is nothing more to try.</exception>
    public void Take(RtspReply refusal, bool answered)
    {
        if (access.Login is not { } login)
            throw new RtspFailedException(RtspFailure.RefusedLogin, "it asks for a login, and none is configured");

        var offered = refusal.AllFields("WWW-Authenticate").ToList();
        var challenge = DigestChallenge.Choose(offered);
        if (answered && challenge is not { IsStale: true })
            throw new RtspFailedException(RtspFailure.RefusedLogin, "it does not take the login");

        (_answers, _tellsPassword) = (null, false);
        if (challenge is not null)
            _answers = new DigestAnswers(challenge, login);
        else if (!AuthenticationChallenge.Offers(offered, "basic"))
            throw new RtspFailedException(RtspFailure.NotSupported, "it offers no way to sign in that we know");
        else if (access.AllowsBasic)
            _tellsPassword = true;
        else
            throw new RtspFailedException(RtspFailure.WantsBasic, "it wants to be told the password itself, which is not allowed");
    }
}

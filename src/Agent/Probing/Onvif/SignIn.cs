using Agent.Probing.Digests;
using Agent.Recorders;

namespace Agent.Probing.Onvif;

/// <summary>
/// How one recorder lets us in, as far as it has shown it: HTTP Digest or a token in the message. A few wrong passwords lock an account,
/// so two refused proofs in a row are the last, until the agent starts anew.
/// </summary>
/// <param name="login">With what; null when the configuration names nothing.</param>
internal sealed class SignIn(RecorderLogin? login)
{
    const int MostRefusals = 2;

    readonly Dictionary<string, DigestAnswers> _nonces = new(StringComparer.Ordinal);

    bool _reusesNonces = true;
    bool _quotesQop;
    int _refusals;

    /// <summary>The login to prove; null when there is none.</summary>
    public RecorderLogin? Login => login;

    /// <summary>Whether the recorder has taken a token before.</summary>
    public bool PrefersToken { get; private set; }

    /// <summary>Another refusal might lock the account.</summary>
    public bool IsUsedUp => _refusals >= MostRefusals;

    /// <summary>The answers to the challenge a path of this recorder gave last; null when it takes each only once, or gave none. Some take a nonce only where it was given.</summary>
    public DigestAnswers? Remembered(string path) => _reusesNonces ? _nonces.GetValueOrDefault(path) : null;

    /// <summary>Answers to a fresh challenge.</summary>
    /// <param name="challenge">The recorder's.</param>
    /// <param name="otherQuotes">In the other of the two ways to write <c>qop</c> than last.</param>
    public DigestAnswers Answer(DigestChallenge challenge, bool otherQuotes)
    {
        if (otherQuotes)
            _quotesQop = !_quotesQop;
        return new DigestAnswers(challenge, login!, _quotesQop);
    }

    /// <summary>A proof was taken.</summary>
    public void Accepted(string path, DigestAnswers? digest)
    {
        _refusals = 0;
        PrefersToken = digest is null;
        if (digest is not null)
            _nonces[path] = digest;
    }

    /// <summary>A proof made for a fresh challenge, or a token, was refused.</summary>
    public void Refused() => _refusals++;

    /// <summary>A nonce that was good before is no longer. Whether it had only grown old, or each is good once, the recorder may have said.</summary>
    public void Outworn(string path, bool saidStale)
    {
        _nonces.Remove(path);
        // One that does not say so may count it as a wrong password: that must not happen at every call.
        _reusesNonces &= saidStale;
    }
}

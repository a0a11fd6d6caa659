namespace Agent.Probing.Digests;

/// <summary>One way a peer lets us prove a password without sending it (RFC 7616; RFC 2617 without qop).</summary>
internal sealed record DigestChallenge
{
    /// <summary>As it stood between the quotes, each byte one character.</summary>
    public required string Realm { get; init; }

    /// <inheritdoc cref="Realm"/>
    public required string Nonce { get; init; }

    /// <summary>To be sent back; null when the peer sent none.</summary>
    public string? Opaque { get; init; }

    public DigestAlgorithm Algorithm { get; init; }

    /// <summary>The peer named the algorithm, and is told it in the answer. Some old ones do not know that word.</summary>
    public bool NamesAlgorithm { get; init; }

    /// <summary>The peer knows <c>qop=auth</c>; without it the answer counts nothing (RFC 2617, 3.2.2.1).</summary>
    public bool UsesQop { get; init; }

    /// <summary>The last answer was right, its nonce only too old: to be answered anew, and no failed try.</summary>
    public bool IsStale { get; init; }

    /// <summary>The first that we can answer, in the peer's order; null when there is none, as where only Basic is offered.</summary>
    /// <param name="wwwAuthenticateHeaders">Values of all <c>WWW-Authenticate</c> headers of one reply.</param>
    public static DigestChallenge? Choose(IEnumerable<string> wwwAuthenticateHeaders) =>
        AuthenticationChallenge.All(wwwAuthenticateHeaders).Select(Of).FirstOrDefault(challenge => challenge is not null);

    static DigestChallenge? Of(AuthenticationChallenge offered)
    {
        var said = offered.Parameters;
        var named = said.TryGetValue("algorithm", out var algorithm);
        if (offered.Scheme != "digest" || !said.TryGetValue("realm", out var realm) || said.GetValueOrDefault("nonce") is not { Length: > 0 } nonce
            || AlgorithmOf(algorithm) is not { } known)
            return null;

        // An empty list is no list. One that offers only to protect the body (auth-int) cannot be answered.
        var qop = said.GetValueOrDefault("qop", "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        var auth = qop.Contains("auth", StringComparer.OrdinalIgnoreCase);
        if (qop.Length > 0 && !auth)
            return null;

        return new DigestChallenge
        {
            Realm = realm,
            Nonce = nonce,
            Opaque = said.GetValueOrDefault("opaque"),
            Algorithm = known,
            NamesAlgorithm = named,
            UsesQop = auth,
            IsStale = string.Equals(said.GetValueOrDefault("stale"), "true", StringComparison.OrdinalIgnoreCase),
        };
    }

    static DigestAlgorithm? AlgorithmOf(string? name) => name?.ToUpperInvariant() switch
    {
        null or "MD5" => DigestAlgorithm.Md5,
        "MD5-SESS" => DigestAlgorithm.Md5Session,
        "SHA-256" => DigestAlgorithm.Sha256,
        "SHA-256-SESS" => DigestAlgorithm.Sha256Session,
        _ => null,
    };
}

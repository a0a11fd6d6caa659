namespace Agent.Evidence.Statements;

/// <summary>Why a JWS was refused. The order is the order in which it is examined.</summary>
public enum JwsFault
{
    /// <summary>It is too large, not three parts of strict base64url, its header is not a strict JSON object, or it demands an extension (<c>crit</c>).</summary>
    Malformed,

    /// <summary>Its <c>alg</c> is not ES256.</summary>
    WrongAlgorithm,

    /// <summary>Its <c>typ</c> is not the one asked for: it is another kind of statement.</summary>
    WrongType,

    /// <summary>Its <c>kid</c> names no pinned key.</summary>
    UnknownKey,

    /// <summary>The signature does not fit the key, the header and the payload.</summary>
    BadSignature,
}

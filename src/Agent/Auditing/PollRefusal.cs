namespace Agent.Auditing;

/// <summary>Why the poll API did not answer what was asked: the <c>code</c> of its problem documents.</summary>
internal enum PollRefusal
{
    /// <summary>Neither a client certificate nor a bearer key came.</summary>
    NoCredentials,

    /// <summary>The client certificate is not among those configured.</summary>
    UnknownCertificate,

    /// <summary>The client certificate is known, and outside its dates.</summary>
    ExpiredCertificate,

    /// <summary>The bearer key is not among those configured.</summary>
    UnknownBearerKey,

    /// <summary>More requests than one address may make.</summary>
    TooManyRequests,

    /// <summary>A request carries a body; none of them has one.</summary>
    BodyNotAllowed,

    /// <summary>The request is larger or stranger than any of ours.</summary>
    BadRequest,

    /// <summary>There is nothing at this path.</summary>
    NotFound,

    /// <summary>Only GET is answered.</summary>
    MethodNotAllowed,

    /// <summary>The nonce is missing, or not 22 to 128 characters of A-Z a-z 0-9 _ -</summary>
    BadNonce,

    /// <summary>This nonce was answered before.</summary>
    ReplayedNonce,

    /// <summary>A parameter is not what it must be.</summary>
    BadParameter,

    /// <summary>The ledger has no entry of this epoch.</summary>
    UnknownEpoch,

    /// <summary>The asker knows of more than this epoch holds.</summary>
    BeyondHead,

    /// <summary>No camera of this code has been measured since the agent started.</summary>
    UnknownCamera,

    /// <summary>The ledger cannot be written or read: whoever asks cannot be registered, so nothing is answered.</summary>
    LedgerUnavailable,

    /// <summary>A fault of the agent itself.</summary>
    Internal,
}

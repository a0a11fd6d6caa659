namespace AuditServer.Intake;

/// <summary>Why a statement was not accepted: the <c>code</c> of the problem document, a contract with agents.</summary>
enum RefusalCode
{
    /// <summary>400: not a heartbeat request in the documented form.</summary>
    Malformed,

    /// <summary>401: signed with a key that is not pinned, or is pinned for another agent.</summary>
    UnknownKey,

    /// <summary>403: the pinned key was revoked.</summary>
    RevokedKey,

    /// <summary>403: the key that signed had given its word for its successor before; only the new key speaks.</summary>
    StaleKey,

    /// <summary>403: no such enrolment code was issued.</summary>
    UnknownCode,

    /// <summary>403: whoever asks does not hold the enrolment code, or what was asked was changed on its way.</summary>
    WrongProof,

    /// <summary>403: the enrolment code is for another site.</summary>
    WrongSite,

    /// <summary>409: another agent, or another key, was enrolled with this code before.</summary>
    CodeUsed,

    /// <summary>409: this agent is known at another site, or the key belongs to another agent.</summary>
    AgentElsewhere,

    /// <summary>410: the enrolment code is no longer valid.</summary>
    CodeExpired,

    /// <summary>410: too many proofs for the enrolment code did not hold.</summary>
    CodeVoid,

    /// <summary>409: another heartbeat with this agent, epoch and seq was accepted before.</summary>
    Equivocation,

    /// <summary>409: an entry contradicts one that was delivered before.</summary>
    Fork,

    /// <summary>409: the nonce of this attestation was answered before.</summary>
    ReplayedNonce,

    /// <summary>413: the request is above the cap.</summary>
    TooLarge,

    /// <summary>415: the content type is not application/json.</summary>
    WrongContentType,

    /// <summary>422: the signature does not fit.</summary>
    BadSignature,

    /// <summary>422: the entries do not run without a break up to the heartbeat.</summary>
    BrokenChain,

    /// <summary>422: the attestation is not of this minute, by this server's clock.</summary>
    NotFresh,

    /// <summary>422: the attestation carries a nonce that this agent was not asked for.</summary>
    UnknownNonce,

    /// <summary>503: it could not be stored; the only refusal worth repeating.</summary>
    NotStored,
}

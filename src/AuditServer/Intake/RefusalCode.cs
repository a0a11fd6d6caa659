namespace AuditServer.Intake;

/// <summary>Why a heartbeat got no receipt: the <c>code</c> of the problem document, a contract with agents.</summary>
enum RefusalCode
{
    /// <summary>400: not a heartbeat request in the documented form.</summary>
    Malformed,

    /// <summary>401: signed with a key that is not pinned, or is pinned for another agent.</summary>
    UnknownKey,

    /// <summary>403: the pinned key was revoked.</summary>
    RevokedKey,

    /// <summary>409: another heartbeat with this agent, epoch and seq was accepted before.</summary>
    Equivocation,

    /// <summary>409: an entry contradicts one that was delivered before.</summary>
    Fork,

    /// <summary>413: the request is above the cap.</summary>
    TooLarge,

    /// <summary>415: the content type is not application/json.</summary>
    WrongContentType,

    /// <summary>422: the signature does not fit.</summary>
    BadSignature,

    /// <summary>422: the entries do not run without a break up to the heartbeat.</summary>
    BrokenChain,

    /// <summary>503: it could not be stored; the only refusal worth repeating.</summary>
    NotStored,
}

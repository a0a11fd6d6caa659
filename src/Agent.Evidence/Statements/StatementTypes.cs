namespace Agent.Evidence.Statements;

/// <summary>
/// The <c>typ</c> of each signed statement. A verifier asks for one of them and refuses the others, so that a receipt can never
/// pass for a heartbeat (explicit typing, RFC 8725 section 3.11).
/// </summary>
public static class StatementTypes
{
    /// <summary>The agent's scheduled statement; its payload is a ledger entry of type <c>heartbeat</c>.</summary>
    public const string Heartbeat = "footage-heartbeat+jws";

    /// <summary>The agent's sign of life between heartbeats; its payload is a ledger entry of type <c>tick</c>.</summary>
    public const string Tick = "footage-tick+jws";

    /// <summary>The signing key's word for its successor; its payload is a <see cref="Statements.KeyRotation"/>.</summary>
    public const string KeyRotation = "footage-key+jws";

    /// <summary>The audit server's acceptance of one heartbeat or tick; its payload is a <see cref="Statements.Receipt"/>.</summary>
    public const string Receipt = "footage-receipt+jws";

    /// <summary>The agent's fresh answer to an asker, carrying the asker's nonce.</summary>
    public const string Attestation = "footage-attestation+jws";

    /// <summary>An agent's request to be taken in by an audit server; its payload is a <see cref="Statements.Enrolment"/>.</summary>
    public const string Enrolment = "footage-enrolment+jws";
}

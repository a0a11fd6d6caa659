namespace AuditServer.Intake;

/// <summary>What came of a posted statement: a receipt, or the reason why there is none. Exactly one is set.</summary>
/// <param name="Receipt">The signed receipt; for a repeated heartbeat the one given the first time.</param>
/// <param name="Refusal">Why nothing was accepted.</param>
sealed record IntakeOutcome(string? Receipt, Refusal? Refusal)
{
    public static IntakeOutcome Accepted(string receipt) => new(receipt, null);

    public static IntakeOutcome Refused(RefusalCode code, string message, string? receipt = null) => new(null, new Refusal(code, message, receipt));
}

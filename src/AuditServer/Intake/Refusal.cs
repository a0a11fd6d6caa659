namespace AuditServer.Intake;

/// <param name="Code">Why.</param>
/// <param name="Message">One plain sentence for a person.</param>
/// <param name="Receipt">The receipt for what stands instead, so that the agent can see that its own ledger was set back; null when nothing does.</param>
sealed record Refusal(RefusalCode Code, string Message, string? Receipt = null)
{
    public int Status => Code switch
    {
        RefusalCode.UnknownKey => StatusCodes.Status401Unauthorized,
        RefusalCode.RevokedKey or RefusalCode.StaleKey or RefusalCode.UnknownCode or RefusalCode.WrongProof or RefusalCode.WrongSite => StatusCodes.Status403Forbidden,
        RefusalCode.Equivocation or RefusalCode.Fork or RefusalCode.ReplayedNonce or RefusalCode.CodeUsed or RefusalCode.AgentElsewhere => StatusCodes.Status409Conflict,
        RefusalCode.CodeExpired or RefusalCode.CodeVoid => StatusCodes.Status410Gone,
        RefusalCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalCode.WrongContentType => StatusCodes.Status415UnsupportedMediaType,
        RefusalCode.BadSignature or RefusalCode.BrokenChain or RefusalCode.NotFresh or RefusalCode.UnknownNonce => StatusCodes.Status422UnprocessableEntity,
        RefusalCode.NotStored => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}

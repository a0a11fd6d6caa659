namespace AuditServer.Intake;

sealed record Refusal(RefusalCode Code, string Message)
{
    public int Status => Code switch
    {
        RefusalCode.UnknownKey => StatusCodes.Status401Unauthorized,
        RefusalCode.RevokedKey => StatusCodes.Status403Forbidden,
        RefusalCode.Equivocation or RefusalCode.Fork => StatusCodes.Status409Conflict,
        RefusalCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalCode.WrongContentType => StatusCodes.Status415UnsupportedMediaType,
        RefusalCode.BadSignature or RefusalCode.BrokenChain => StatusCodes.Status422UnprocessableEntity,
        RefusalCode.NotStored => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}

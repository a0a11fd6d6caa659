namespace AuditServer.Intake;

/// <summary>What is asked of one site.</summary>
sealed record SitePolicy
{
    /// <summary>Days that bind every camera of the site; null: as the agent claims.</summary>
    public int? RequiredDays { get; init; }

    /// <summary>Days that bind single cameras, by code.</summary>
    public IReadOnlyDictionary<string, int> Cameras { get; init; } = new Dictionary<string, int>();
}

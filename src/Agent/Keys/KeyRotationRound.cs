using Microsoft.Extensions.Logging;

namespace Agent.Keys;

/// <summary>Changes the key when it is old enough or when somebody asks.</summary>
sealed class KeyRotationRound(string directory, AgentIdentity identity, KeyOptions options, KeyLedger ledger, TimeProvider time, ILogger<KeyRotationRound> log)
{
    /// <summary>
    /// Why a key nobody knows is not changed: an audit server that later came to know only its successor could believe nothing that was
    /// signed before, nor the change itself.
    /// </summary>
    public const string Unknown = "no audit server knows the present key yet; enrol the agent first";

    bool _toldObstacle;

    /// <summary>When the current key began to sign; null while nothing was signed.</summary>
    /// <remarks>
    /// From the retired key before it, or the ledger's beginning: the time of a file says when it was last copied. A key that seems to
    /// come from the future is not due: the clock is wrong, and a person can always ask.
    /// </remarks>
    public DateTimeOffset? Since => identity.Retired is [var before, ..] ? before.Retired : ledger.Began();

    public void Run()
    {
        var request = RotationRequest.Waiting(directory);
        var isDue = Since is { } since && time.GetUtcNow() - since >= options.RotateEvery;
        // A key that is due and known to nobody has no hurry, and that needs no warning.
        if (request is null && !(isDue && ledger.IsKnown()))
            return;

        var obstacle = identity.RotationObstacle ?? (ledger.IsKnown() ? null : Unknown);
        if (obstacle is null)
            Rotate(request is null ? $"it was older than {options.RotateEvery.TotalDays:0} d" : "somebody asked for it");
        else if (!_toldObstacle)
            log.LogWarning("The signing key is due and cannot be changed: {Obstacle}", obstacle);
        _toldObstacle = obstacle is not null;
        if (request is not null)
            RotationRequest.Answer(directory, request, obstacle);
    }

    void Rotate(string reason)
    {
        var old = identity.Key.Public.Thumbprint;
        ledger.Rotate();
        log.LogInformation("The signing key {Old} was changed for {New}, because {Reason}", old, identity.Key.Public.Thumbprint, reason);
    }
}

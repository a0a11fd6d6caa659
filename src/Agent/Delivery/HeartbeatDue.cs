using Agent.Evidence.Statements;

namespace Agent.Delivery;

/// <summary>When the audit server wants the next heartbeat with full evidence. Kept in memory: after a start one is made anyway.</summary>
sealed class HeartbeatDue(TimeProvider time)
{
    readonly Lock _turn = new();
    DateTimeOffset? _at;

    /// <summary>Takes the server's word; of several the earliest counts.</summary>
    public void Ask(NextAsk ask)
    {
        lock (_turn)
            _at = _at is { } at && at < ask.Due ? at : ask.Due;
    }

    /// <summary>Whether it is due now. Says so once.</summary>
    public bool IsDue()
    {
        lock (_turn)
        {
            if (_at is not { } at || time.GetUtcNow() < at)
                return false;
            _at = null;
            return true;
        }
    }
}

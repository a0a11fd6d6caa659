using Agent.Evidence.Statements;

namespace Agent.Delivery;

/// <summary>
/// When the audit server wants the next heartbeat with full evidence. Kept in memory: after a start one is made anyway; and on the
/// monotonic clock, so that setting the other one neither brings it nearer nor puts it off.
/// </summary>
sealed class HeartbeatDue(TimeProvider time)
{
    readonly Lock _turn = new();
    long? _at;

    /// <summary>Takes the server's word; of several the earliest counts.</summary>
    public void Ask(NextAsk ask)
    {
        var due = time.GetTimestamp() + (long)((ask.Due - time.GetUtcNow()).TotalSeconds * time.TimestampFrequency);
        lock (_turn)
            _at = _at is { } at && at < due ? at : due;
    }

    /// <summary>Whether it is due now. Says so once.</summary>
    public bool IsDue()
    {
        lock (_turn)
        {
            if (_at is not { } at || time.GetTimestamp() < at)
                return false;
            _at = null;
            return true;
        }
    }
}

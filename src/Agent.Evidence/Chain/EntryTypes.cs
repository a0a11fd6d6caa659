namespace Agent.Evidence.Chain;

/// <summary>
/// What ledger entries tell: the values of <see cref="LedgerEntry.Type"/> that this version writes. A reader takes any other as an
/// entry it does not understand, not as a fault. Source: FORMAT.md, "Entry types".
/// </summary>
public static class EntryTypes
{
    /// <summary>The agent began to run.</summary>
    public const string Start = "start";

    /// <summary>The agent ended in order.</summary>
    public const string Stop = "stop";

    /// <summary>A signed sign of life: nothing else needs to have happened.</summary>
    public const string Tick = "tick";

    /// <summary>A signed statement with full evidence.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>The verdict of a camera changed.</summary>
    public const string Verdict = "verdict";

    /// <summary>Something a person should look at.</summary>
    public const string Finding = "finding";

    /// <summary>A sample of a segment's bytes, sealed for the audit server.</summary>
    public const string Commitment = "commitment";

    /// <summary>Somebody used what this agent holds.</summary>
    public const string Access = "access";

    /// <summary>What became of the audit server's question for bytes committed to.</summary>
    public const string Challenge = "challenge";

    /// <summary>The configuration is another one than at the last start.</summary>
    public const string ConfigChange = "config-change";

    /// <summary>The wall clock did not go the way the monotonic one did.</summary>
    public const string ClockStep = "clock-step";

    /// <summary>The signing key signed its successor.</summary>
    public const string KeyRotate = "key-rotate";

    /// <summary>An audit server took this agent in.</summary>
    public const string Enrol = "enrol";

    /// <summary>The audit server's receipt for a statement.</summary>
    public const string Receipt = "receipt";

    /// <summary>The ledger lost something: the first entry of the epoch begun because of it, or what found no room while the disk was full.</summary>
    public const string Gap = "gap";
}

namespace Agent.Status;

/// <summary>What the audit server thinks of this agent, as far as its last answer said.</summary>
internal enum Standing
{
    /// <summary>No audit server is configured.</summary>
    NotConfigured,

    /// <summary>It has not answered yet since the agent started.</summary>
    NotHeard,

    /// <summary>It receipted.</summary>
    Accepted,

    /// <summary>It does not know this agent's key: it is not enrolled there yet.</summary>
    NotEnrolled,

    /// <summary>It revoked this agent's key. The agent goes on measuring.</summary>
    Revoked,

    /// <summary>It answered something else, or could not be reached.</summary>
    Unclear,
}

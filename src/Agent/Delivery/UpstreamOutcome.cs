namespace Agent.Delivery;

/// <summary>What a try to hand in a heartbeat came to.</summary>
enum UpstreamOutcome
{
    /// <summary>The server answered with a receipt; whether it can be believed is not yet known.</summary>
    Answered,

    /// <summary>The server says that it will never take this one. Believed when it says so twice.</summary>
    Refused,

    /// <summary>The server no longer believes the key that signed this one.</summary>
    KeyRefused,

    /// <summary>Not now, and trying again at once would not help: the key is not enrolled yet, or whoever answered is no audit server.</summary>
    NotNow,

    /// <summary>The network or the server failed; trying again soon may help.</summary>
    Failed,
}

namespace FakeRecorder.Logins;

/// <summary>What a login came to.</summary>
internal enum LoginOutcome
{
    /// <summary>Nothing was shown.</summary>
    Missing,
    Right,
    Wrong,

    /// <summary>Right, but with a nonce that is no longer good.</summary>
    Stale,
}

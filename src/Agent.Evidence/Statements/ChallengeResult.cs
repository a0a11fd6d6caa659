namespace Agent.Evidence.Statements;

/// <summary>What became of the audit server's question for bytes.</summary>
public enum ChallengeResult
{
    /// <summary>The segment is there and the asked parts were read; whether the digest is the one committed to is for the audit server to see.</summary>
    Answered,

    /// <summary>The recorder was looked at, and the segment with this size is not there.</summary>
    NotFound,

    /// <summary>The recorder could not be looked at, or is declared to re-encode what it keeps.</summary>
    Unverifiable,
}

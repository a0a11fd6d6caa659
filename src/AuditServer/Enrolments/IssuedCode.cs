namespace AuditServer.Enrolments;

/// <summary>A code as the server keeps it: without its secret.</summary>
/// <param name="Code">Its public part.</param>
/// <param name="Site">The only site an agent can be enrolled for with it.</param>
/// <param name="ProofKey">What the proofs of both sides are made with.</param>
/// <param name="Issued">When an officer made it.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Wrong">How many proofs did not hold.</param>
/// <param name="Spent">When an agent was enrolled with it; null while it is open.</param>
sealed record IssuedCode(string Code, string Site, byte[] ProofKey, DateTimeOffset Issued, DateTimeOffset Expires, long Wrong, DateTimeOffset? Spent)
{
    /// <summary>So many proofs may fail; a typing error is told before anything is sent, so they are somebody's guesses.</summary>
    public const int MostWrong = 10;

    public bool IsVoid => Wrong >= MostWrong;
}

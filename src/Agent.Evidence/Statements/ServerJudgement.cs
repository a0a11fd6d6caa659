namespace Agent.Evidence.Statements;

/// <summary>Whether the audit server, judging the heartbeat's evidence again, came to the same verdicts.</summary>
public enum ServerJudgement
{
    /// <summary>It did not judge (<c>not-judged</c>).</summary>
    NotJudged,

    /// <summary>It came to the same verdicts (<c>agrees</c>).</summary>
    Agrees,

    /// <summary>It came to another verdict for at least one camera (<c>differs</c>).</summary>
    Differs,
}

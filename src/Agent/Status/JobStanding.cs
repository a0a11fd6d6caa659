namespace Agent.Status;

/// <summary>Whether a scheduled job moves.</summary>
internal enum JobStanding
{
    /// <summary>It ran when it should, or runs.</summary>
    OnTime,

    /// <summary>It should long have run again.</summary>
    Overdue,

    /// <summary>It began long ago and does not end.</summary>
    Stuck,
}

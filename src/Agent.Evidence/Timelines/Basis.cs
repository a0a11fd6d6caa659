namespace Agent.Evidence.Timelines;

/// <summary>How we know of footage, weakest first. Comparable: a greater value is stronger evidence.</summary>
public enum Basis
{
    /// <summary>The recorder states only bounds ("oldest = …"); nothing is known between them.</summary>
    Claimed = 1,

    /// <summary>The recorder lists segments or data-present events.</summary>
    Listed = 2,

    /// <summary>We read the stored containers ourselves.</summary>
    Measured = 3,

    /// <summary>We decoded frames from it.</summary>
    Decoded = 4,
}

using Agent.Evidence.Timelines;

namespace Agent.Evidence.Verdicts;

/// <summary>How the beginning of a camera is known.</summary>
public enum CommissioningBasis
{
    /// <summary>The site declares it in the configuration.</summary>
    Declared,

    /// <summary>An earlier complete round saw the recorder without this camera.</summary>
    FirstSeen,
}

/// <summary>When a camera began to record: somewhere in <paramref name="Within"/> (a declared date is that whole site-local day).</summary>
/// <param name="Within">The earliest and latest instant it can have begun.</param>
/// <param name="Basis">How this is known.</param>
public sealed record Commissioning(TimeRange Within, CommissioningBasis Basis);

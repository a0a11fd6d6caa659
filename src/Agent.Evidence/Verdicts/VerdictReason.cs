namespace Agent.Evidence.Verdicts;

/// <summary>Why a verdict is not <see cref="Verdict.Met"/>. Each has an anchor in deploy/RUNBOOK.md.</summary>
public enum VerdictReason
{
    /// <summary>More footage is missing than a site-local day may lose, or one hole is longer than that.</summary>
    ContinuityBroken,

    /// <summary>Seven consecutive site-local days lose more than the weekly budget.</summary>
    WeeklyLossExceeded,

    /// <summary>The newest footage is older than the freshness limit: the camera does not record now.</summary>
    NotRecordingNow,

    /// <summary>Looked, and there is no footage at all.</summary>
    NoFootage,

    /// <summary>Footage begins later than required and nobody said when the camera was commissioned.</summary>
    CommissioningUnknown,

    /// <summary>There is footage older than the stated commissioning, so the statement cannot be used.</summary>
    CommissioningContradicted,

    /// <summary>The camera is younger than the requirement and everything since its commissioning is there.</summary>
    KeptSinceCommissioning,

    /// <summary>The camera is old enough, but its footage begins later than required.</summary>
    BeginsLate,

    /// <summary>Footage was overwritten from the oldest edge before its required age.</summary>
    OverwrittenEarly,

    /// <summary>Footage went before its required age elsewhere than at the oldest edge (Art. 21(1) is what to examine).</summary>
    VanishedEarly,

    /// <summary>Part of the time could not be looked at, and the answer depends on it.</summary>
    CouldNotLook,

    /// <summary>The newest look is older than the freshness limit.</summary>
    StaleLook,

    /// <summary>The layout or container was never held against a real recorder's output.</summary>
    UnprovenLayout,
}

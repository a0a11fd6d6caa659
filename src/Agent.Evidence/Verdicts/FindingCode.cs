namespace Agent.Evidence.Verdicts;

/// <summary>Something a person must look at. Each has an anchor in deploy/RUNBOOK.md.</summary>
public enum FindingCode
{
    /// <summary>The required days are kept with less than one day to spare.</summary>
    ThinMargin,

    /// <summary>Footage is older than the stated commissioning.</summary>
    CommissioningContradicted,

    /// <summary>Equally strong witnesses of one recorder disagree.</summary>
    WitnessesDisagree,

    /// <summary>A weaker witness omits footage a stronger one saw.</summary>
    WitnessOmits,

    /// <summary>Footage went before its required age.</summary>
    EarlyLoss,

    /// <summary>Segments were left out that lie in the future or before there were recorders.</summary>
    SegmentsOutOfTime,

    /// <summary>Segments were left out that claim more footage than time had passed when they were last written.</summary>
    SegmentsTooLong,

    /// <summary>Segments were left out whose bytes no camera makes in the time they claim.</summary>
    ImpossibleBitrate,

    /// <summary>Segments hold less media than their headers promise.</summary>
    MediaMissing,

    /// <summary>Segments begin well before the ones before them end.</summary>
    SegmentsOverlap,

    /// <summary>The clock of the agent's machine was set: part of the time is uncertain, whatever the footage there is named.</summary>
    ClockStepped,

    /// <summary>ffprobe reads another duration than we do.</summary>
    SecondOpinionDiffers,

    /// <summary>At the rate at which footage is written its volume does not hold the days that bind the camera.</summary>
    StorageTooSmall,

    /// <summary>When files were last written says that their names are of another time zone than the configured one.</summary>
    ZoneContradicted,

    /// <summary>No time zone of names is configured, and the files show which it is: it was used instead of the machine's.</summary>
    ZoneInferred,

    /// <summary>Footage first seen long after its end, although we had looked in between.</summary>
    AppearedLate,

    /// <summary>What has gone, in bytes.</summary>
    FootageLost,

    /// <summary>A camera that was seen before has no footage any more.</summary>
    CameraVanished,

    /// <summary>A camera met for the first time holds the footage that another one held.</summary>
    CameraRenamed,

    /// <summary>The recorder's own clock is wrong by more than the policy allows. Times are corrected by it.</summary>
    RecorderClockWrong,
}

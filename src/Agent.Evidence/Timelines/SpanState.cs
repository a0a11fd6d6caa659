namespace Agent.Evidence.Timelines;

/// <summary>What is known of an instant.</summary>
public enum SpanState
{
    /// <summary>Footage is there.</summary>
    Recorded,

    /// <summary>Looked, and there is no footage.</summary>
    Gap,

    /// <summary>Could not look.</summary>
    Unknown,

    /// <summary>Outside the recording schedule, whatever was recorded then.</summary>
    NotScheduled,
}

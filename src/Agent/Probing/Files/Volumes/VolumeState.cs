namespace Agent.Probing.Files.Volumes;

/// <summary>How the volume of a recorder stands to what was seen before.</summary>
internal enum VolumeState
{
    /// <summary>It is there, and it is the one known.</summary>
    Present,

    /// <summary>Its mount point is there and empty of it: what lies there now lies on another volume.</summary>
    Missing,

    /// <summary>Another volume has taken its place.</summary>
    Replaced,

    /// <summary>It does not answer, or answers with an error of its line.</summary>
    Stale,
}

namespace Agent.Probing.Files.Volumes;

/// <summary>What a file system is, as far as it changes what can be believed of it.</summary>
internal enum VolumeKind
{
    /// <summary>Nobody said.</summary>
    Unknown,

    /// <summary>A file system of this machine's own disks.</summary>
    Local,

    /// <summary>Another machine's: it can stop answering, and its times are that machine's.</summary>
    Network,

    /// <summary>FAT or exFAT: times in steps of two seconds, in local time, and folders without a time of change.</summary>
    Fat,

    /// <summary>Layers over another, as in a container: its identity changes with every start.</summary>
    Overlay,

    /// <summary>Memory: gone when the machine is switched off.</summary>
    Memory,
}

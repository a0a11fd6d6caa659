namespace Agent.Probing.Files.Containers;

enum ContainerState
{
    /// <summary>Header and bytes agree; the duration is the whole file's.</summary>
    Whole,

    /// <summary>Not finalised (still growing, or torn) but readable: the duration reaches the last readable moment.</summary>
    Open,

    /// <summary>The header promises more than the bytes present: the duration reaches the last moment whose bytes are there.</summary>
    Truncated,

    /// <summary>This container, but nothing readable tells an end yet (an MP4 whose moov is not written). The duration is zero.</summary>
    NoEnd,

    /// <summary>Zero bytes.</summary>
    Empty,

    /// <summary>Not a container we know, or damaged beyond reading; the detail says why.</summary>
    Unreadable,
}

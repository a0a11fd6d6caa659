namespace Agent.Probing.Files.Volumes;

/// <summary>Holds the volume of today against the one remembered. No I/O.</summary>
internal static class VolumeHistory
{
    /// <summary>What changed, from when on footage can be there, and what to remember now.</summary>
    /// <param name="path">The recorder's folder.</param>
    /// <param name="kept">What is remembered; null at the first look.</param>
    /// <param name="mounts">What is mounted.</param>
    /// <param name="mount">What holds the recorder's folder now.</param>
    /// <param name="identity">Which volume that is.</param>
    /// <param name="now">When this look began.</param>
    public static (VolumeState State, DateTimeOffset? UnseenBefore, KeptVolume Keep) Judge(string path, KeptVolume? kept, MountTable mounts, Mount mount, string identity, DateTimeOffset now)
    {
        if (kept is null || kept.Path != path)
            return (VolumeState.Present, null, Now(path, mount, identity, since: null));
        // While its own place is empty we wait for it: what is written into the empty place meanwhile is seen, and everything else is not.
        if (kept.Point != mount.Point && kept.Point.Length > mount.Point.Length && !mounts.HasPoint(kept.Point))
            return (VolumeState.Missing, now, kept);
        if (kept.Point != mount.Point || kept.FileSystem != mount.FileSystem || VolumeIdentity.Differ(kept.Identity, identity))
            return (VolumeState.Replaced, now, Now(path, mount, identity, now));
        return (kept.Since is null ? VolumeState.Present : VolumeState.Replaced, kept.Since, Now(path, mount, identity.Length > 0 ? identity : kept.Identity, kept.Since));
    }

    static KeptVolume Now(string path, Mount mount, string identity, DateTimeOffset? since) => new(path, mount.Point, mount.FileSystem, identity, since);
}

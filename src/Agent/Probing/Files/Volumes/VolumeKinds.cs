using System.Collections.Frozen;

namespace Agent.Probing.Files.Volumes;

/// <summary>From the name of a file system, as Linux and Windows give it, to what it is.</summary>
internal static class VolumeKinds
{
    static readonly FrozenSet<string> Network = Names(
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "9p", "virtiofs", "afs", "ceph", "lustre", "gfs2", "ocfs2", "vboxsf", "prl_fs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.davfs2", "fuse.ceph", "fuse.gvfsd-fuse", "fuse.vmhgfs-fuse", "fuse.moosefs");

    static readonly FrozenSet<string> Fat = Names("vfat", "msdos", "fat", "fat32", "exfat", "fuse.exfat");
    static readonly FrozenSet<string> Overlay = Names("overlay", "overlayfs", "aufs", "unionfs", "fuse.unionfs-fuse");
    static readonly FrozenSet<string> Memory = Names("tmpfs", "ramfs");

    public static VolumeKind Of(string fileSystem) =>
        fileSystem.Length == 0 ? VolumeKind.Unknown
        : Network.Contains(fileSystem) ? VolumeKind.Network
        : Fat.Contains(fileSystem) ? VolumeKind.Fat
        : Overlay.Contains(fileSystem) ? VolumeKind.Overlay
        : Memory.Contains(fileSystem) ? VolumeKind.Memory
        : VolumeKind.Local;

    static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}

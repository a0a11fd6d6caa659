using Agent.Probing.Files.Volumes;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Volumes;

sealed class MountTableTests
{
    const string Table = """
        21 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw,errors=remount-ro
        30 21 0:25 / /proc rw - proc proc rw
        40 21 8:17 / /srv/footage ro,relatime shared:7 - xfs /dev/sdb1 rw,attr2
        41 21 0:44 / /mnt/two\040words rw master:3 propagate_from:2 - nfs4 nas:/export/a\134b rw,hard,addr=10.0.0.1
        42 40 0:45 / /srv/footage/cam\303\2511 rw - ext4 /dev/sdc1 ro
        43 21 8:33 / /srv/footage rw - btrfs /dev/sdd1 rw
        nonsense
        44 21 8:33
        """;

    [TestCase("/srv", "/", "ext4")]
    [TestCase("/srv/footage", "/srv/footage", "btrfs")]
    [TestCase("/srv/footage/2026", "/srv/footage", "btrfs")]
    [TestCase("/srv/footage2", "/", "ext4")]
    [TestCase("/srv/footage/camé1/x", "/srv/footage/camé1", "ext4")]
    [TestCase("/mnt/two words/x", "/mnt/two words", "nfs4")]
    public void A_path_lies_on_the_innermost_volume_and_of_two_at_one_place_on_the_newer(string path, string point, string fileSystem)
    {
        var mount = MountTable.Parse(Table).Of(path);
        Assert.That((mount!.Point, mount.FileSystem), Is.EqualTo((point, fileSystem)));
    }

    [Test]
    public void Only_a_file_system_that_takes_no_writes_is_read_only_and_not_a_view_of_it()
    {
        var mounts = MountTable.Parse(Table).Mounts;
        Assert.That(mounts.Where(m => m.IsReadOnly).Select(m => m.Source), Is.EqualTo(new[] { "/dev/sdc1" }));
    }

    [Test]
    public void Names_are_read_as_they_are() =>
        Assert.That(MountTable.Parse(Table).Of("/mnt/two words")!.Source, Is.EqualTo(@"nas:/export/a\b"));

    [Test]
    [Platform("Linux")]
    public void This_machines_own_table_holds_its_root_and_is_believed() =>
        Assert.That(MountTable.Read().Of("/")?.FileSystem, Is.Not.Null.And.Not.Empty);

    [TestCase("ext4", VolumeKind.Local)]
    [TestCase("NTFS", VolumeKind.Local)]
    [TestCase("nfs4", VolumeKind.Network)]
    [TestCase("cifs", VolumeKind.Network)]
    [TestCase("fuse.sshfs", VolumeKind.Network)]
    [TestCase("fuse.mergerfs", VolumeKind.Local)]
    [TestCase("vfat", VolumeKind.Fat)]
    [TestCase("FAT32", VolumeKind.Fat)]
    [TestCase("exFAT", VolumeKind.Fat)]
    [TestCase("overlay", VolumeKind.Overlay)]
    [TestCase("tmpfs", VolumeKind.Memory)]
    [TestCase("", VolumeKind.Unknown)]
    public void Kinds_of_file_systems_are_told_apart(string name, object kind) =>
        Assert.That(VolumeKinds.Of(name), Is.EqualTo(kind));
}

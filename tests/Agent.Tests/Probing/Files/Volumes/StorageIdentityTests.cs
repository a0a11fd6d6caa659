using Agent.Probing.Files.Volumes;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Volumes;

internal sealed class StorageIdentityTests
{
    static readonly string[] Mounts =
    [
        "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw",
        "40 22 8:17 / /srv/recordings rw - xfs /dev/sdb1 rw",
        "41 22 8:33 / /srv/recordings\\040new rw shared:9 master:1 - ext4 /dev/sdc1 rw",
        "44 22 8:17 /nvr\\040two /srv/part rw - xfs /dev/sdb1 rw",
        "42 22 0:50 / /srv/share rw - nfs4 nvr:/export rw",
        "43 22 0:51 / /tmp rw - tmpfs tmpfs rw",
        "broken",
    ];

    [TestCase("/", "/dev/sda2", "/")]
    [TestCase("/var/lib", "/dev/sda2", "/var/lib")]
    [TestCase("/srv/recordings", "/dev/sdb1", "/")]
    [TestCase("/srv/recordings/front_door", "/dev/sdb1", "/front_door")]
    [TestCase("/srv/recordings2", "/dev/sda2", "/srv/recordings2")]
    [TestCase("/srv/recordings new/x", "/dev/sdc1", "/x")]
    [TestCase("/srv/part/a", "/dev/sdb1", "/nvr two/a")]
    [TestCase("/srv/share/x", null, null)]
    [TestCase("/tmp/x", null, null)]
    public void The_innermost_mount_says_which_device_and_where_on_it(string path, string? device, string? folder) =>
        Assert.That(StorageIdentity.PlaceOf(Table(Mounts), path), Is.EqualTo(device is null ? null : ((string, string)?)(device, folder!)));

    [Test]
    public void Two_mounts_on_one_place_leave_the_later() =>
        Assert.That(StorageIdentity.PlaceOf(Table([.. Mounts, "50 40 8:49 / /srv/recordings rw - ext4 /dev/sdd1 rw"]), "/srv/recordings/a")?.Device, Is.EqualTo("/dev/sdd1"));

    [Test]
    public void A_disk_mounted_elsewhere_is_the_same_and_two_recorders_on_it_are_not()
    {
        string[] moved = ["22 1 8:2 / / rw - ext4 /dev/sda2 rw", "40 22 8:17 / /mnt/disk1 rw - xfs /dev/sdb1 rw"];

        Assert.That(StorageIdentity.PlaceOf(Table(moved), "/mnt/disk1/front_door"), Is.EqualTo(StorageIdentity.PlaceOf(Table(Mounts), "/srv/recordings/front_door")));
        Assert.That(StorageIdentity.PlaceOf(Table(Mounts), "/srv/recordings/back_door"), Is.Not.EqualTo(StorageIdentity.PlaceOf(Table(Mounts), "/srv/recordings/front_door")));
    }

    [Test]
    [Platform("Linux")]
    public void The_volume_and_the_folder_on_it_are_told_without_the_place_where_it_is_mounted()
    {
        using var folder = new TemporaryFolder();
        var links = Directory.CreateDirectory(Path.Combine(folder.Path, "by-uuid")).FullName;
        File.CreateSymbolicLink(Path.Combine(links, "0000-0000"), "/dev/zero");
        File.CreateSymbolicLink(Path.Combine(links, "1234-ABCD"), "/dev/null");
        var disk = Directory.CreateDirectory(Path.Combine(folder.Path, "disk", "nvr")).Parent!.FullName;
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link"), disk);
        string[] mounts = ["22 1 8:2 / / rw - ext4 /dev/full rw", $"40 22 8:17 / {disk} rw - xfs /dev/null rw"];

        Assert.That(StorageIdentity.OfFileSystem(Table(mounts), links, Path.Combine(folder.Path, "link", "nvr")), Is.EqualTo("1234-ABCD\n/nvr"));
        Assert.That(StorageIdentity.OfFileSystem(Table(mounts), links, folder.Path), Is.Null, "a device without a UUID");
        Assert.That(StorageIdentity.OfFileSystem(Table(mounts), Path.Combine(folder.Path, "nowhere"), disk), Is.Null);
    }

    [Test]
    public void On_this_machine_it_is_the_same_twice_or_not_known()
    {
        using var folder = new TemporaryFolder();

        var first = StorageIdentity.Of(folder.Path);

        Assert.That(StorageIdentity.Of(folder.Path), Is.EqualTo(first));
        Assert.That(StorageIdentity.Of(Directory.CreateDirectory(Path.Combine(folder.Path, "other")).FullName), first is null ? Is.Null : Is.Not.EqualTo(first));
        Assert.That(() => StorageIdentity.Of(Path.Combine(folder.Path, "nowhere")), Throws.Nothing);
    }

    static MountTable Table(params string[] lines) => MountTable.Parse(string.Join('\n', lines));
}

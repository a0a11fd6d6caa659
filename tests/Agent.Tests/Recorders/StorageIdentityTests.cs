using Agent.Recorders;
using NUnit.Framework;

namespace Agent.Tests.Recorders;

internal sealed class StorageIdentityTests
{
    static readonly string[] Mounts =
    [
        "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw",
        "40 22 8:17 / /srv/recordings rw - xfs /dev/sdb1 rw",
        "41 22 8:33 / /srv/recordings\\040new rw shared:9 master:1 - ext4 /dev/sdc1 rw",
        "42 22 0:50 / /srv/share rw - nfs4 nvr:/export rw",
        "43 22 0:51 / /tmp rw - tmpfs tmpfs rw",
        "broken",
    ];

    [TestCase("/var/lib", "/dev/sda2")]
    [TestCase("/srv/recordings", "/dev/sdb1")]
    [TestCase("/srv/recordings/front_door", "/dev/sdb1")]
    [TestCase("/srv/recordings2", "/dev/sda2")]
    [TestCase("/srv/recordings new/x", "/dev/sdc1")]
    [TestCase("/srv/share/x", null)]
    [TestCase("/tmp/x", null)]
    public void The_innermost_mount_says_which_device(string path, string? device) => Assert.That(StorageIdentity.DeviceOf(Mounts, path), Is.EqualTo(device));

    [Test]
    public void Two_mounts_on_one_place_leave_the_later() =>
        Assert.That(StorageIdentity.DeviceOf([.. Mounts, "50 40 8:49 / /srv/recordings rw - ext4 /dev/sdd1 rw"], "/srv/recordings/a"), Is.EqualTo("/dev/sdd1"));

    [Test]
    public void On_this_machine_it_is_the_same_twice_or_not_known()
    {
        using var folder = new TemporaryFolder();

        Assert.That(StorageIdentity.Of(folder.Path), Is.EqualTo(StorageIdentity.Of(folder.Path)));
        Assert.That(() => StorageIdentity.Of(Path.Combine(folder.Path, "nowhere")), Throws.Nothing);
    }
}

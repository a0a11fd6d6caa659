using Agent.Probing.Files.Volumes;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Volumes;

sealed class VolumeHistoryTests
{
    const string Path = "/srv/footage/cams";

    static readonly DateTimeOffset Now = FootageTree.Now;
    static readonly Mount Root = new("/", "ext4", "/dev/sda2", IsReadOnly: false);
    static readonly Mount Disk = new("/srv/footage", "ext4", "/dev/sdb1", IsReadOnly: false);
    static readonly KeptVolume Known = new(Path, "/srv/footage", "ext4", "uuid:a", null);

    [Test]
    public void The_first_volume_seen_is_the_right_one()
    {
        var judged = VolumeHistory.Judge(Path, null, new MountTable([Root, Disk]), Disk, "uuid:a", Now);
        Assert.That(judged, Is.EqualTo((VolumeState.Present, (DateTimeOffset?)null, Known)));
    }

    [Test]
    public void The_same_volume_under_another_device_name_is_the_same()
    {
        var renamed = Disk with { Source = "/dev/sdc1" };
        Assert.That(VolumeHistory.Judge(Path, Known, new MountTable([Root, renamed]), renamed, "uuid:a", Now).State, Is.EqualTo(VolumeState.Present));
    }

    [Test]
    public void A_mount_point_without_its_volume_is_missed_and_waited_for_however_long()
    {
        var judged = VolumeHistory.Judge(Path, Known, new MountTable([Root]), Root, "uuid:root", Now);
        Assert.That(judged, Is.EqualTo((VolumeState.Missing, (DateTimeOffset?)Now, Known)));
        var back = VolumeHistory.Judge(Path, judged.Keep, new MountTable([Root, Disk]), Disk, "uuid:a", Now.AddDays(9));
        Assert.That((back.State, back.UnseenBefore), Is.EqualTo((VolumeState.Present, (DateTimeOffset?)null)));
    }

    [TestCase("ext4", "uuid:b")]
    [TestCase("xfs", "uuid:a")]
    public void Another_volume_in_its_place_hides_what_was_before_and_goes_on_doing_so(string fileSystem, string identity)
    {
        var other = Disk with { FileSystem = fileSystem };
        var first = VolumeHistory.Judge(Path, Known, new MountTable([Root, other]), other, identity, Now);
        var later = VolumeHistory.Judge(Path, first.Keep, new MountTable([Root, other]), other, identity, Now.AddDays(3));
        Assert.That((first.State, first.UnseenBefore), Is.EqualTo((VolumeState.Replaced, (DateTimeOffset?)Now)));
        Assert.That((later.State, later.UnseenBefore), Is.EqualTo((VolumeState.Replaced, (DateTimeOffset?)Now)));
    }

    [Test]
    public void A_volume_mounted_over_the_folder_hides_what_lies_under_it()
    {
        var known = new KeptVolume(Path, "/", "ext4", "uuid:root", null);
        Assert.That(VolumeHistory.Judge(Path, known, new MountTable([Root, Disk]), Disk, "uuid:a", Now).State, Is.EqualTo(VolumeState.Replaced));
    }

    [TestCase("id:1")]
    [TestCase("")]
    public void What_cannot_be_compared_is_not_held_to_be_another(string identity) =>
        Assert.That(VolumeHistory.Judge(Path, Known, new MountTable([Root, Disk]), Disk, identity, Now).State, Is.EqualTo(VolumeState.Present));

    [Test]
    public void A_recorder_whose_folder_is_another_now_begins_anew() =>
        Assert.That(VolumeHistory.Judge("/elsewhere", Known, new MountTable([Root]), Root, "uuid:root", Now).State, Is.EqualTo(VolumeState.Present));

    [Test]
    public void What_is_remembered_survives_a_restart_and_a_damaged_memory_is_none()
    {
        using var folder = new TemporaryFolder();
        new VolumeMemory(folder.Path).Keep("r", Known with { Since = Now });
        Assert.That(new VolumeMemory(folder.Path).Of("r"), Is.EqualTo(Known with { Since = Now }));
        File.WriteAllText(System.IO.Path.Combine(folder.Path, VolumeMemory.FileName), "{");
        Assert.That(new VolumeMemory(folder.Path).Of("r"), Is.Null);
    }

    [TestCase("ext4", true, 0L, new[] { "VolumeReadOnly" })]
    [TestCase("nfs4", true, 1L << 40, new string[0])]
    [TestCase("ext4", false, 1L << 20, new[] { "VolumeFull" })]
    [TestCase("ext4", false, 1L << 30, new string[0])]
    public void A_volume_that_takes_no_more_says_why(string fileSystem, bool readOnly, long free, string[] codes)
    {
        var reading = new VolumeReading { State = VolumeState.Present, Point = "/srv", FileSystem = fileSystem, Kind = VolumeKinds.Of(fileSystem), CapacityBytes = 1L << 42, FreeBytes = free, IsReadOnly = readOnly };
        Assert.That(VolumeProblems.Of("r", reading, Known, Now).Select(p => p.Code.ToString()), Is.EqualTo(codes));
    }
}

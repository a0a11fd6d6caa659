using System.Runtime.Versioning;
using System.Text;
using Agent.Keys;
using NUnit.Framework;

namespace Agent.Tests.Keys;

sealed class KeyFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Secret => Path.Combine(_folder.Path, "secret");

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void A_new_secret_belongs_to_its_owner_alone()
    {
        KeyFile.ReadOrMakeSecret(Secret, () => "x"u8.ToArray());

        Assert.That(File.GetUnixFileMode(Secret), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_secret_is_made_once_and_read_ever_after()
    {
        var first = KeyFile.ReadOrMakeSecret(Secret, () => "first"u8.ToArray());
        var second = KeyFile.ReadOrMakeSecret(Secret, () => "second"u8.ToArray());

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Of_many_that_start_at_once_one_makes_the_secret_and_all_read_it()
    {
        var read = new string[16];
        for (var again = 0; again < 30; again++)
        {
            File.Delete(Secret);
            Parallel.For(0, read.Length, i =>
                read[i] = Encoding.ASCII.GetString(KeyFile.ReadOrMakeSecret(Secret, () => Encoding.ASCII.GetBytes($"made by {i}"))));

            Assert.That(read.Distinct(), Has.Exactly(1).Items);
            Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo(new[] { Secret }), "no drafts are left");
        }
    }

    [TestCase(UnixFileMode.GroupRead)]
    [TestCase(UnixFileMode.OtherRead)]
    [TestCase(UnixFileMode.GroupWrite)]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void A_secret_that_others_can_use_is_refused_by_name(UnixFileMode extra)
    {
        KeyFile.ReadOrMakeSecret(Secret, () => "x"u8.ToArray());
        File.SetUnixFileMode(Secret, UnixFileMode.UserRead | UnixFileMode.UserWrite | extra);

        var refused = Assert.Throws<KeyFileException>(() => KeyFile.ReadOrMakeSecret(Secret, () => []))!;

        Assert.That(refused.Path, Is.EqualTo(Secret));
        Assert.That(refused.Message, Does.Contain(Secret).And.Contain("mode 6"));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void A_published_file_can_be_read_by_others_and_follows_its_content()
    {
        KeyFile.Publish(Secret, "one"u8.ToArray());
        KeyFile.Publish(Secret, "two"u8.ToArray());

        Assert.That(File.ReadAllText(Secret), Is.EqualTo("two"));
        Assert.That(File.GetUnixFileMode(Secret).HasFlag(UnixFileMode.OtherRead), Is.True);
    }

    public void Dispose() => _folder.Dispose();
}

using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Agent.Keys;
using NUnit.Framework;

namespace Agent.Tests.Keys;

sealed class CameraCodesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Test]
    public void A_code_is_ten_hex_digits_and_stays()
    {
        var first = CameraCodes.Open(_folder.Path).For("nvr", "前门");
        var second = CameraCodes.Open(_folder.Path).For("nvr", "前门");

        Assert.That(first, Does.Match("^c-[0-9a-f]{10}$"));
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void A_code_is_the_documented_hmac_of_recorder_and_camera()
    {
        var codes = CameraCodes.Open(_folder.Path);
        var salt = File.ReadAllBytes(Path.Combine(_folder.Path, CameraCodes.FileName));

        var hash = HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes("nvr\ncam1"));

        Assert.That(codes.For("nvr", "cam1"), Is.EqualTo("c-" + Convert.ToHexString(hash)[..10].ToLowerInvariant()));
    }

    [Test]
    public void Another_agent_gives_the_same_camera_another_code()
    {
        using var other = new TemporaryFolder();

        Assert.That(CameraCodes.Open(other.Path).For("nvr", "cam1"), Is.Not.EqualTo(CameraCodes.Open(_folder.Path).For("nvr", "cam1")));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void The_salt_is_a_secret()
    {
        CameraCodes.Open(_folder.Path);

        Assert.That(File.GetUnixFileMode(Path.Combine(_folder.Path, CameraCodes.FileName)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_salt_of_another_length_is_refused()
    {
        KeyFile.ReadOrMakeSecret(Path.Combine(_folder.Path, CameraCodes.FileName), () => new byte[31]);

        Assert.That(() => CameraCodes.Open(_folder.Path), Throws.TypeOf<KeyFileException>().With.Message.Contains("31"));
    }

    public void Dispose() => _folder.Dispose();
}

using System.Runtime.Versioning;
using System.Text;
using Agent.Keys;
using NUnit.Framework;

namespace Agent.Tests.Keys;

/// <summary>Credentials that systemd lends (LoadCredential) instead of a file of the data directory.</summary>
[Platform(Exclude = "Win")]
[UnsupportedOSPlatform("windows")]
sealed class OwnerOnlyFilesTests : IDisposable
{
    readonly TemporaryFolder _data = new();
    readonly TemporaryFolder _credentials = new();

    OwnerOnlyFiles Protection => new(_credentials.Path);

    string Secret => Path.Combine(_data.Path, "secret");

    [Test]
    public void A_credential_goes_before_the_file_of_its_name()
    {
        KeyFile.WriteSecret(Secret, "file"u8.ToArray());
        Lend("secret", "credential", UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.That(Encoding.ASCII.GetString(Protection.Read(Secret)!), Is.EqualTo("credential"));
    }

    [Test]
    public void Without_a_credential_of_its_name_the_file_counts()
    {
        KeyFile.WriteSecret(Secret, "file"u8.ToArray());
        Lend("another", "credential", UnixFileMode.UserRead);

        Assert.That(Encoding.ASCII.GetString(Protection.Read(Secret)!), Is.EqualTo("file"));
        Assert.That(Protection.WhyFixed(Secret), Is.Null);
    }

    [TestCase(UnixFileMode.OtherRead)]
    [TestCase(UnixFileMode.GroupWrite)]
    public void A_credential_that_others_can_use_is_refused(UnixFileMode extra)
    {
        Lend("secret", "credential", UnixFileMode.UserRead | extra);

        Assert.That(() => Protection.Read(Secret), Throws.TypeOf<KeyFileException>().With.Message.Contains(_credentials.Path));
    }

    [Test]
    public void A_key_that_is_a_credential_signs_and_cannot_be_changed_and_the_reason_is_told()
    {
        var pem = SigningKey.Make();
        Lend(SigningKey.FileName, Encoding.ASCII.GetString(pem), UnixFileMode.UserRead);
        using var lent = SigningKey.Parse("lent", pem);

        using var identity = AgentIdentity.Open(_data.Path, "HZ-1", Protection);

        Assert.That(identity.Key.Public, Is.EqualTo(lent.Public));
        Assert.That(identity.RotationObstacle, Does.Contain("credential").And.Contain("reading only"));
        Assert.That(identity.BeginRotation, Throws.TypeOf<KeyFileException>().With.Message.Contains("credential"));
        Assert.That(File.Exists(Path.Combine(_data.Path, SigningKey.FileName)), Is.False);
        Assert.That(File.Exists(Path.Combine(_data.Path, KeyHandover.NextFile)), Is.False);
    }

    public void Dispose()
    {
        _data.Dispose();
        _credentials.Dispose();
    }

    void Lend(string name, string content, UnixFileMode mode) => File.SetUnixFileMode(_credentials.Write(name, content), mode);
}

using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using Agent.Evidence.Statements;
using Agent.Keys;
using NUnit.Framework;

namespace Agent.Tests.Keys;

sealed class AgentIdentityTests : IDisposable
{
    const string Site = "HZ-0571-0001";

    readonly TemporaryFolder _folder = new();

    [Test]
    public void The_name_begins_with_the_thumbprint_of_the_first_key()
    {
        using var identity = AgentIdentity.Open(_folder.Path, Site);

        Assert.That(identity.Agent, Is.EqualTo("a-" + identity.Key.Public.Thumbprint[..16]));
    }

    [Test]
    public void Opening_again_gives_the_same_agent_and_key()
    {
        using var first = AgentIdentity.Open(_folder.Path, Site);
        using var second = AgentIdentity.Open(_folder.Path, Site);

        Assert.That((second.Agent, second.Key.Public), Is.EqualTo((first.Agent, first.Key.Public)));
    }

    [Test]
    public void The_name_outlives_the_key()
    {
        string name;
        using (var identity = AgentIdentity.Open(_folder.Path, Site))
            name = identity.Agent;
        File.Delete(Path.Combine(_folder.Path, SigningKey.FileName));

        using var after = AgentIdentity.Open(_folder.Path, Site);

        Assert.That(after.Agent, Is.EqualTo(name));
        Assert.That(after.Agent, Is.Not.EqualTo("a-" + after.Key.Public.Thumbprint[..16]));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void The_pin_file_holds_what_an_officer_needs_and_no_secret()
    {
        using var identity = AgentIdentity.Open(_folder.Path, Site);

        using var pin = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.Path, AgentIdentity.PinFile)));
        Assert.That(pin.RootElement.GetProperty("site").GetString(), Is.EqualTo(Site));
        Assert.That(pin.RootElement.GetProperty("agent").GetString(), Is.EqualTo(identity.Agent));
        Assert.That(Jwk.Read(pin.RootElement.GetProperty("key")), Is.EqualTo(identity.Key.Public));
        Assert.That(File.GetUnixFileMode(Path.Combine(_folder.Path, AgentIdentity.PinFile)).HasFlag(UnixFileMode.OtherRead), Is.True);
    }

    [Test]
    public void The_pin_file_follows_the_site()
    {
        AgentIdentity.Open(_folder.Path, Site).Dispose();
        AgentIdentity.Open(_folder.Path, "another").Dispose();

        Assert.That(File.ReadAllText(Path.Combine(_folder.Path, AgentIdentity.PinFile)), Does.Contain("\"another\""));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void The_key_file_is_pkcs8_that_only_its_owner_reads()
    {
        AgentIdentity.Open(_folder.Path, Site).Dispose();

        var file = Path.Combine(_folder.Path, SigningKey.FileName);
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.ReadAllText(file), Does.StartWith("-----BEGIN PRIVATE KEY-----"));
    }

    [Test]
    public void What_is_signed_verifies_with_the_public_half()
    {
        using var identity = AgentIdentity.Open(_folder.Path, Site);

        var jws = identity.Key.Sign("{}"u8, StatementTypes.Heartbeat);

        var check = Jws.Verify(jws, StatementTypes.Heartbeat, kid => kid == identity.Key.Public.Thumbprint ? identity.Key.Public : null);
        Assert.That(check.Fault, Is.Null);
    }

    [Test]
    public void A_file_that_is_no_key_is_refused_by_name()
    {
        KeyFile.ReadOrMakeSecret(Path.Combine(_folder.Path, SigningKey.FileName), () => "not a key"u8.ToArray());

        Assert.That(() => AgentIdentity.Open(_folder.Path, Site),
            Throws.TypeOf<KeyFileException>().With.Message.Contains(Path.Combine(_folder.Path, SigningKey.FileName)));
    }

    [Test]
    public void A_key_of_another_curve_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        KeyFile.ReadOrMakeSecret(Path.Combine(_folder.Path, SigningKey.FileName), () => System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));

        Assert.That(() => AgentIdentity.Open(_folder.Path, Site), Throws.TypeOf<KeyFileException>());
    }

    [Test]
    public void A_name_file_that_holds_no_name_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder.Path, AgentIdentity.NameFile), "someone else");

        Assert.That(() => AgentIdentity.Open(_folder.Path, Site), Throws.TypeOf<KeyFileException>());
    }

    public void Dispose() => _folder.Dispose();
}

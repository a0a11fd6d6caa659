using System.Security.Cryptography;
using Agent.Evidence.Statements;
using Agent.Hosting;
using NUnit.Framework;

namespace Agent.Tests.Repository;

internal sealed class ExampleConfigurationTests
{
    static readonly string Example = RepositoryTree.PathOf("deploy", "agent.example.json");

    [Test]
    public void The_agent_accepts_the_example() =>
        Assert.That(Installed().Recorders, Has.Count.EqualTo(1));

    [Test]
    public void Without_the_audit_servers_keys_the_example_is_refused_and_the_file_is_named() =>
        Assert.That(
            () => AgentConfiguration.Read(Example),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("/etc/retention-agent/audit-server.jwks.json"));

    [Test]
    public void A_key_nobody_knows_would_be_found()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, File.ReadAllText(Example).Replace("\"every\"", "\"evrey\"", StringComparison.Ordinal));

        Assert.That(() => AgentConfiguration.Read(file), Throws.TypeOf<ConfigurationException>().With.Message.Contains("evrey"));
        File.Delete(file);
    }

    [Test]
    public void The_unit_lets_the_agent_write_where_the_example_says()
    {
        var unit = File.ReadAllLines(RepositoryTree.PathOf("deploy", "retention-agent.service"));

        Assert.That(Installed().Options.DataDirectory, Is.EqualTo("/var/lib/retention-agent"));
        Assert.That(unit, Has.One.EqualTo("StateDirectory=retention-agent"));
    }

    /// <summary>The example as it stands after installation: the one file it names is there.</summary>
    static AgentConfiguration Installed()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            using var server = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var keys = Path.Combine(directory.FullName, "audit-server.jwks.json");
            File.WriteAllText(keys, new JwkSet([Jwk.FromKey(server)]).ToJson());
            var file = Path.Combine(directory.FullName, "agent.json");
            File.WriteAllText(file, File.ReadAllText(Example).Replace("/etc/retention-agent/audit-server.jwks.json", keys, StringComparison.Ordinal));
            return AgentConfiguration.Read(file);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}

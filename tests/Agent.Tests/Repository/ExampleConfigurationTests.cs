using Agent.Hosting;
using NUnit.Framework;

namespace Agent.Tests.Repository;

internal sealed class ExampleConfigurationTests
{
    static readonly string Example = RepositoryTree.PathOf("deploy", "agent.example.json");

    [Test]
    public void The_agent_accepts_the_example() =>
        Assert.That(AgentConfiguration.Read(Example).Recorders, Has.Count.EqualTo(2));

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

        Assert.That(AgentConfiguration.Read(Example).Options.DataDirectory, Is.EqualTo("/var/lib/retention-agent"));
        Assert.That(unit, Has.One.EqualTo("StateDirectory=retention-agent"));
    }
}

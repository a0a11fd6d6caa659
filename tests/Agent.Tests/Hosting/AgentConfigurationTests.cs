using Agent.Hosting;
using NUnit.Framework;

namespace Agent.Tests.Hosting;

internal sealed class AgentConfigurationTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void The_smallest_configuration_is_site_data_and_a_recorder()
    {
        var configuration = Read("""{ "site": { "id": "HZ-1", "timeZone": "Asia/Shanghai" }, "dataDirectory": "/var/lib/a", "recorders": [ { "id": "r", "path": "/srv" } ] }""");
        Assert.Multiple(() =>
        {
            Assert.That(configuration.Options.Policy.RequiredDays, Is.EqualTo(15));
            Assert.That(configuration.Recorders.Single().Zone.Id, Is.EqualTo("Asia/Shanghai"), "a recorder without a zone has the site's");
            Assert.That(configuration.Options.Upstream.Url, Is.Null);
        });
    }

    [Test]
    public void Every_mistake_is_named_at_once() =>
        Assert.That(
            Mistakes("""
                { "site": { "id": "HZ 1", "zone": "Asia/Shanghai" }, "dataDirectory": "/d",
                  "policy": { "requiredDays": "many", "dailyLoss": "03:00:00" }, "rounds": { "every": "05:00:00" },
                  "recorders": [ { "id": "r", "path": "/srv", "layout": "nothing", "timeZone": "Moon/Base" }, { "id": "r", "path": "" } ] }
                """),
            Has.Some.StartsWith("site.zone:")
                .And.Some.StartsWith("site.id:")
                .And.Some.StartsWith("policy.requiredDays:")
                .And.Some.StartsWith("policy.weeklyLoss:")
                .And.Some.StartsWith("rounds.every:")
                .And.Some.StartsWith("recorders[0].layout:")
                .And.Some.StartsWith("recorders[0].timeZone:")
                .And.Some.StartsWith("recorders[1].path:")
                .And.Some.Contains("'r' is used twice"));

    [TestCase("", "is not JSON")]
    [TestCase("[1]", "is not JSON")]
    [TestCase("{ \"site\": ", "is not JSON")]
    [TestCase("{ \"dataDirectory\": \"/a\", \"dataDirectory\": \"/b\" }", "duplicate key")]
    public void What_is_not_a_json_object_is_said_to_be_none(string text, string message) =>
        Assert.That(Mistakes(text), Has.Some.Contains(message));

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(
            () => AgentConfiguration.Read(Path.Combine(_folder.Path, "nowhere.json")),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("nowhere.json"));

    AgentConfiguration Read(string json)
    {
        var file = Path.Combine(_folder.Path, "agent.json");
        File.WriteAllText(file, json);
        return AgentConfiguration.Read(file);
    }

    IReadOnlyList<string> Mistakes(string json)
    {
        try
        {
            Read(json);
            return [];
        }
        catch (ConfigurationException e)
        {
            return e.Mistakes;
        }
    }
}

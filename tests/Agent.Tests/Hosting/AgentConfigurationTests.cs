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

    [Test]
    public void A_recorder_has_a_path_or_an_address_or_both()
    {
        var configuration = Read("""
            { "site": { "id": "HZ-1" }, "dataDirectory": "/d", "recorders": [
              { "id": "a", "path": "/srv" }, { "id": "b", "address": "http://192.0.2.7" },
              { "id": "c", "path": "/srv", "address": "https://nvr.example:8443/onvif/device_service", "cameras": [ { "camera": "door", "source": "IPCamera 01" } ] } ] }
            """);

        Assert.That(configuration.Recorders.Select(r => (r.HasFolder, r.Address?.Authority)), Is.EqualTo(new[] { (true, null), (false, "192.0.2.7"), (true, "nvr.example:8443") }));
        Assert.That(configuration.Recorders[2].Cameras["door"].Source, Is.EqualTo("IPCamera 01"));
    }

    [TestCase("http://agent:hunter2@192.0.2.7", "no login stands in an address")]
    [TestCase("192.0.2.7", "is not an address")]
    [TestCase("rtsp://192.0.2.7", "is not an address")]
    [TestCase("/onvif/device_service", "is not an address")]
    [TestCase("http://192.0.2.7/x#y", "'#'")]
    [TestCase("http://", "is not an address")]
    public void An_address_that_is_none_is_told_without_showing_it(string address, string mistake) =>
        Assert.That(
            Mistakes($$"""{ "site": { "id": "HZ-1" }, "dataDirectory": "/d", "recorders": [ { "id": "a", "address": "{{address}}" } ] }"""),
            Has.Exactly(1).Items.And.Some.StartsWith("recorders[0].address:").And.Some.Contains(mistake).And.None.Contains("hunter2"));

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

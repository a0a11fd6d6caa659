using System.Text.Json;
using System.Text.Json.Nodes;
using Agent.Hosting;
using Agent.Keys;
using Agent.Recorders;
using NUnit.Framework;

namespace Agent.Tests.Hosting;

/// <summary>How a recorder's password may stand in the configuration, and that no refusal shows it.</summary>
sealed class RecorderPasswordTests : IDisposable
{
    const string Password = "Hunter2#";

    readonly TemporaryFolder _folder = new();

    [Test]
    public void A_stored_password_is_resolved_and_printed_nowhere()
    {
        KeptSecrets.Open(_folder.Path).Set("nvr", new Secret(Password));

        var login = Logins(Read("secret:nvr")).Of("r")!;

        Assert.That((login.Username, login.Password.Reveal()), Is.EqualTo(("admin", Password)));
        Assert.That($"{login} {JsonSerializer.Serialize(login)}", Does.Contain("admin").And.Not.Contain(Password));
    }

    [Test]
    public void An_admin_who_insists_may_write_it_down() =>
        Assert.That(Logins(Read($"plain:{Password}")).Of("r")!.Password.Reveal(), Is.EqualTo(Password));

    [Test]
    public void A_recorder_without_a_login_has_none() =>
        Assert.That(Logins(Read(password: null, username: null)).Of("r"), Is.Null);

    [Test]
    public void A_bare_password_is_refused_with_the_command_that_stores_it()
    {
        var refused = Refused(JsonValue.Create(Password));

        Assert.That(refused, Does.Contain("recorders[0].password").And.Contain("retention-agent secret set NAME --config").And.Contain("secret:NAME"));
    }

    // Mistakes of every kind the validation knows, with the password where the mistake is.
    [TestCase("\"" + Password + "\"")]
    [TestCase("\"secret:" + Password + "\"")]
    [TestCase("\"Plain:" + Password + "\"")]
    [TestCase("\" secret:" + Password + "\"")]
    [TestCase("{ \"plain\": \"" + Password + "\" }")]
    [TestCase("[ \"" + Password + "\" ]")]
    [TestCase("\"plain:\"")]
    [TestCase("\"\"")]
    public void No_refusal_shows_the_password(string written) =>
        Assert.That(Refused(JsonNode.Parse(written)), Does.Contain("recorders[0]").And.Not.Contain(Password));

    [Test]
    public void A_secret_that_was_never_stored_is_named() =>
        Assert.That(Refused("secret:nvr"), Does.Contain("there is no secret 'nvr'"));

    [Test]
    public void A_password_without_a_name_to_go_with_it_is_refused() =>
        Assert.That(() => Read($"plain:{Password}", username: null), Throws.TypeOf<ConfigurationException>().With.Message.Contains("go together").And.Message.Not.Contains(Password));

    [Test]
    public void A_file_that_is_not_json_is_refused_without_its_content()
    {
        var file = _folder.Write("torn.json", $$"""{ "recorders": [ { "password": "plain:{{Password}}" """);

        Assert.That(() => AgentConfiguration.Read(file), Throws.TypeOf<ConfigurationException>().With.Message.Not.Contains(Password));
    }

    [Test]
    public void The_data_directory_is_known_before_the_secrets_are_stored()
    {
        var file = Write("secret:nvr", "admin");

        Assert.That(AgentConfiguration.DataDirectoryOf(file), Is.EqualTo(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    RecorderLogins Logins(AgentConfiguration configuration) => new(configuration.Options.Recorders, KeptSecrets.Open(_folder.Path));

    string Refused(JsonNode? password) => Assert.Throws<ConfigurationException>(() => Read(password))!.Message;

    AgentConfiguration Read(JsonNode? password, string? username = "admin") => AgentConfiguration.Read(Write(password, username));

    string Write(JsonNode? password, string? username) => _folder.Write("agent.json", new JsonObject
    {
        ["site"] = new JsonObject { ["id"] = "HZ-1" },
        ["dataDirectory"] = _folder.Path,
        ["recorders"] = new JsonArray(new JsonObject { ["id"] = "r", ["path"] = "/srv", ["username"] = username, ["password"] = password }),
    }.ToJsonString());
}

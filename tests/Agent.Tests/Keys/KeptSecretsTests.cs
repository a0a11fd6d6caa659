using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Runtime.Versioning;
using Agent.Keys;
using NUnit.Framework;

namespace Agent.Tests.Keys;

sealed class KeptSecretsTests : IDisposable
{
    const string Password = "S3cret-前门-\"quoted\"";

    readonly TemporaryFolder _folder = new();

    string File => Path.Combine(_folder.Path, KeptSecrets.FileName);

    [Test]
    public void What_was_set_is_there_after_opening_again_and_nowhere_in_a_file()
    {
        Open().Set("nvr-1", new Secret(Password));

        Assert.That(Open().Get("nvr-1").Reveal(), Is.EqualTo(Password));
        var kept = string.Concat(Directory.GetFiles(_folder.Path).Select(file => Encoding.UTF8.GetString(System.IO.File.ReadAllBytes(file))));
        Assert.That(kept, Does.Not.Contain("S3cret").And.Not.Contain(Convert.ToBase64String("S3cret"u8)[..7]));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void Both_files_belong_to_their_owner_alone()
    {
        Open().Set("nvr-1", new Secret(Password));

        foreach (var name in new[] { KeptSecrets.FileName, KeptSecrets.KeyFileName })
            Assert.That(System.IO.File.GetUnixFileMode(Path.Combine(_folder.Path, name)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void The_same_password_never_looks_the_same_twice()
    {
        var kept = Open();
        kept.Set("a", new Secret(Password));
        var first = Text("a");
        kept.Set("a", new Secret(Password));

        Assert.That(Text("a"), Is.Not.EqualTo(first));
    }

    [Test]
    public void A_secret_put_in_anothers_place_is_refused()
    {
        var kept = Open();
        kept.Set("a", new Secret("one"));
        kept.Set("b", new Secret("two"));
        Change(secrets => secrets["a"] = Text("b"));

        Assert.That(() => Open().Get("a"), Throws.TypeOf<KeyFileException>().With.Message.Contains("'a'"));
        Assert.That(Open().Get("b").Reveal(), Is.EqualTo("two"));
    }

    [Test]
    public void Any_changed_byte_is_noticed()
    {
        Open().Set("a", new Secret("one"));
        var whole = Convert.FromBase64String(Text("a"));
        for (var i = 0; i < whole.Length; i++)
        {
            var changed = (byte[])whole.Clone();
            changed[i] ^= 1;
            Change(secrets => secrets["a"] = Convert.ToBase64String(changed));
            Assert.That(() => Open().Get("a"), Throws.TypeOf<KeyFileException>(), $"byte {i}");
        }
    }

    [TestCase("")]
    [TestCase("AAAA")]
    [TestCase("not base64")]
    public void What_is_no_encrypted_text_is_refused_by_file(string text)
    {
        Open().Set("a", new Secret("one"));
        Change(secrets => secrets["a"] = text);

        Assert.That(() => Open().Get("a"), Throws.TypeOf<KeyFileException>().With.Message.Contains(KeptSecrets.FileName));
    }

    [Test]
    public void With_another_key_nothing_opens()
    {
        Open().Set("a", new Secret("one"));
        System.IO.File.Delete(Path.Combine(_folder.Path, KeptSecrets.KeyFileName));

        Assert.That(() => Open().Get("a"), Throws.TypeOf<KeyFileException>().With.Message.Contains(KeptSecrets.KeyFileName));
    }

    [Test]
    public void What_was_removed_is_gone()
    {
        var kept = Open();
        kept.Set("a", new Secret("one"));

        Assert.That((kept.Remove("a"), kept.Remove("a"), Open().Has("a")), Is.EqualTo((true, false, false)));
        Assert.That(() => Open().Get("a"), Throws.TypeOf<KeyFileException>().With.Message.Contains("no secret 'a'"));
    }

    [TestCase("", "x")]
    [TestCase("-a", "x")]
    [TestCase("a b", "x")]
    [TestCase("a\n", "x")]
    [TestCase("a", "")]
    [TestCase("a", "two\nlines")]
    public void A_name_or_a_secret_that_is_not_possible_is_refused_and_not_told(string name, string secret)
    {
        Assert.That(() => Open().Set(name, new Secret(secret)), Throws.TypeOf<FormatException>().With.Message.Not.Contains("two"));
        Assert.That(System.IO.File.Exists(File), Is.False);
    }

    [Test]
    public void A_secret_shows_nothing_of_itself()
    {
        var secret = new Secret(Password);

        Assert.That($"{secret} {JsonSerializer.Serialize(secret)} {new { secret }}", Does.Not.Contain("S3cret"));
    }

    public void Dispose() => _folder.Dispose();

    KeptSecrets Open() => KeptSecrets.Open(_folder.Path);

    string Text(string name) => JsonNode.Parse(System.IO.File.ReadAllText(File))!["secrets"]![name]!.GetValue<string>();

    void Change(Action<JsonNode> change)
    {
        var file = JsonNode.Parse(System.IO.File.ReadAllText(File))!;
        change(file["secrets"]!);
        System.IO.File.WriteAllText(File, file.ToJsonString());
    }
}

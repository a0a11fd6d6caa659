using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;

namespace Agent.Keys;

/// <summary>Who this agent is: its site, its name for life, and the key it signs with now.</summary>
sealed class AgentIdentity : IDisposable
{
    /// <summary>Holds the agent's name. Apart from the key, because the name outlives a change of key.</summary>
    public const string NameFile = "agent.id";

    /// <summary>What an officer carries to the audit server to pin this agent: site, agent and public key.</summary>
    public const string PinFile = "agent.jwk.json";

    const int NameDigits = 16;
    const int LongestName = 128;

    AgentIdentity(string site, string agent, SigningKey key) => (Site, Agent, Key) = (site, agent, key);

    /// <summary>The site's id as the authority issued it.</summary>
    public string Site { get; }

    /// <summary>The agent's name in every ledger entry: "a-" and the beginning of its first key's thumbprint.</summary>
    public string Agent { get; }

    public SigningKey Key { get; }

    /// <summary>Opens the identity of a data directory, making it at first start, and brings the pin file up to date.</summary>
    /// <exception cref="KeyFileException">One of its files is exposed to others or unreadable.</exception>
    public static AgentIdentity Open(string directory, string site)
    {
#pragma warning disable CA2000 // Goes over to the identity; disposed of below when there will be none.
        var key = SigningKey.Open(directory);
#pragma warning restore CA2000
        try
        {
            var agent = NameOf(directory, key.Public);
            KeyFile.Publish(Path.Combine(directory, PinFile), PinOf(site, agent, key.Public));
            return new AgentIdentity(site, agent, key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public void Dispose() => Key.Dispose();

    static string NameOf(string directory, Jwk first)
    {
        var path = Path.Combine(directory, NameFile);
        var made = $"a-{first.Thumbprint[..NameDigits]}\n";
        var name = Encoding.ASCII.GetString(KeyFile.ReadOrMake(path, () => Encoding.ASCII.GetBytes(made))).TrimEnd('\n');
        return name.StartsWith("a-", StringComparison.Ordinal) && name.Length <= LongestName && name.All(IsNameCharacter)
            ? name
            : throw new KeyFileException(path, "it does not hold the name of an agent; restore it");
    }

    static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    static byte[] PinOf(string site, string agent, Jwk key)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("site", site);
            json.WriteString("agent", agent);
            json.WritePropertyName("key");
            json.WriteRawValue(key.ToJson());
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}

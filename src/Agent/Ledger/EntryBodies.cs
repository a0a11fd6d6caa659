using System.Buffers;
using System.Text.Json;

namespace Agent.Ledger;

/// <summary>The bodies of the entries that the ledger writes about itself.</summary>
static class EntryBodies
{
    public static ReadOnlyMemory<byte> Start(string version, string executableSha256, string configurationSha256) => Body(json =>
    {
        json.WriteString("version", version);
        json.WriteString("executableSha256", executableSha256);
        json.WriteString("configurationSha256", configurationSha256);
    });

    public static ReadOnlyMemory<byte> Stop { get; } = Body(_ => { });

    /// <summary>The whole receipt, so that an exported ledger proves by itself what the audit server accepted.</summary>
    public static ReadOnlyMemory<byte> Receipt(string jws) => Body(json => json.WriteString("jws", jws));

    static ReadOnlyMemory<byte> Body(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;

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

    /// <summary>The receipt that an entry holds; null when it is no <c>receipt</c> entry.</summary>
    public static string? ReceiptIn(LedgerEntry entry) => entry.Type == EntryTypes.Receipt
        && JsonElement.Parse(entry.Body.Span).TryGetProperty("jws", out var jws) && jws.ValueKind == JsonValueKind.String ? jws.GetString() : null;

    /// <summary>An audit server took this agent in.</summary>
    public static ReadOnlyMemory<byte> Enrol(EnrolmentAnswer answer) => Body(json =>
    {
        json.WriteString("server", answer.Server);
        json.WriteString("site", answer.Site);
        json.WriteStartArray("keys");
        foreach (var key in answer.Keys)
            json.WriteStringValue(key.Thumbprint);
        json.WriteEndArray();
    });

    /// <summary>Nobody was looking, and nobody wrote that they would not be.</summary>
    /// <param name="orderly">The run before ended with a <c>stop</c>.</param>
    public static ReadOnlyMemory<byte> AgentDown(DateTimeOffset from, DateTimeOffset to, bool orderly) => Body(json =>
    {
        json.WriteString("code", "AgentDown");
        json.WriteString("from", Time(from));
        json.WriteString("to", Time(to));
        json.WriteBoolean("orderly", orderly);
    });

    /// <summary>There was no room for an entry; there was for this one, from the reserve.</summary>
    public static ReadOnlyMemory<byte> LedgerFull { get; } = Body(json => json.WriteString("code", "LedgerFull"));

    /// <summary>There was no room for entries, and only this is known of them.</summary>
    /// <param name="counts">How often an entry of each type found no room.</param>
    public static ReadOnlyMemory<byte> Unwritten(DateTimeOffset from, DateTimeOffset to, IReadOnlyDictionary<string, int> counts) => Body(json =>
    {
        json.WriteString("reason", "full");
        json.WriteString("from", Time(from));
        json.WriteString("to", Time(to));
        json.WriteStartObject("unwritten");
        foreach (var (type, count) in counts)
            json.WriteNumber(type, count);
        json.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> ClockStep(ClockStep step) => Body(json =>
    {
        json.WriteNumber("stepMilliseconds", (long)step.Size.TotalMilliseconds);
        json.WriteString("from", Time(step.From));
        json.WriteBoolean("sameBoot", step.SameBoot);
    });

    /// <summary>Which settings are others than at the last start: their names, and hashes that tell nothing without the agent's salt.</summary>
    public static ReadOnlyMemory<byte> ConfigChange(IEnumerable<(string Key, string? Before, string? After)> changed) => Body(json =>
    {
        json.WriteStartArray("changed");
        foreach (var (key, before, after) in changed)
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteString("before", before);
            json.WriteString("after", after);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>The first entry of an epoch: why the one before it ended, and what of it is not here.</summary>
    public static ReadOnlyMemory<byte> Gap(LedgerLoss loss) => Body(json =>
    {
        json.WriteString("reason", loss.Reason);
        json.WriteString("epoch", loss.Head.Epoch);
        Place("head", loss.Head);
        if (loss.Known is { } known)
            Place("known", known);
        else
            json.WriteNull("known");
        json.WriteNumber("salvaged", loss.Salvaged);
        json.WriteStartArray("lost");
        foreach (var (from, to) in loss.Lost)
        {
            json.WriteStartArray();
            json.WriteNumberValue(from);
            json.WriteNumberValue(to);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteString("fault", loss.Fault);

        void Place(string name, LedgerHead head)
        {
            json.WriteStartObject(name);
            json.WriteNumber("seq", head.Seq);
            json.WriteString("hash", head.Hash);
            json.WriteEndObject();
        }
    });

    static string Time(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

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

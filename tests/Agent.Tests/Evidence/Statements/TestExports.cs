using System.Globalization;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence.Chain;

namespace Agent.Tests.Evidence.Statements;

/// <summary>Ledger exports of one and of several epochs, written without the agent's own writer.</summary>
static class TestExports
{
    public static readonly Guid Second = new("1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02");
    public static readonly Guid Third = new("2b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c03");

    /// <summary>Two finds, a heartbeat, a find, a tick, a find: eight lines.</summary>
    public static List<string> OneEpoch() => Lines(Filled(new TestLedger(), out var statements), statements);

    /// <summary>The same, and after it an epoch of a gap, a heartbeat and a stop: twelve lines.</summary>
    public static List<string> TwoEpochs() => [.. OneEpoch(), .. After(OneEpoch(), Second)];

    /// <summary>An epoch that follows what is above it.</summary>
    /// <param name="above">The lines above.</param>
    /// <param name="epoch">The new epoch.</param>
    /// <param name="salvaged">What its gap says is left; what is there when null.</param>
    public static List<string> After(IReadOnlyList<string> above, Guid epoch, long? salvaged = null)
    {
        var entries = above.Where(line => !SignatureLine.IsOne(Encoding.UTF8.GetBytes(line))).ToList();
        var last = EntryCodec.Decode(Encoding.UTF8.GetBytes(entries[^1]));
        var ledger = new TestLedger(epoch: epoch).Append(EntryTypes.Gap, Gap(last.Epoch, last.Seq, EntryCodec.Hash(Encoding.UTF8.GetBytes(entries[^1])), salvaged ?? entries.Count));
        var statements = new Dictionary<long, HeartbeatRequest>();
        var heartbeat = ledger.Heartbeat(between: 0);
        statements[ledger.Entries.Count] = heartbeat;
        ledger.Append(EntryTypes.Stop);
        return Lines(ledger, statements);
    }

    public static string Gap(Guid epoch, long seq, string hash, long salvaged) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"reason":"damaged","epoch":"{{epoch}}","head":{"seq":{{seq}},"hash":"{{hash}}"},"known":null,"salvaged":{{salvaged}},"lost":[],"fault":"x"}""");

    public static List<string> Lines(TestLedger ledger, IReadOnlyDictionary<long, HeartbeatRequest> statements)
    {
        var lines = new List<string>();
        for (var i = 0; i < ledger.Entries.Count; i++)
        {
            lines.Add(Encoding.UTF8.GetString(ledger.Entries[i].Span));
            if (statements.TryGetValue(i + 1, out var request))
                lines.Add(SignatureLine.Of(request.Jws));
        }

        return lines;
    }

    static TestLedger Filled(TestLedger ledger, out Dictionary<long, HeartbeatRequest> statements)
    {
        statements = [];
        ledger.Append(EntryTypes.Finding).Append(EntryTypes.Finding);
        var heartbeat = ledger.Heartbeat(between: 0);
        statements[ledger.Entries.Count] = heartbeat;
        ledger.Append(EntryTypes.Finding);
        var tick = ledger.Tick();
        statements[ledger.Entries.Count] = tick;
        ledger.Append(EntryTypes.Finding);
        return ledger;
    }
}

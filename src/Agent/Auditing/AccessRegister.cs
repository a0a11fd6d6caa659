using System.Buffers;
using System.Net;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Ledger;

namespace Agent.Auditing;

/// <summary>
/// The register of use (Art. 20(3)): who asked for what is a ledger entry before the answer leaves. No addresses are in it: what enters
/// the ledger travels. Refusals are entered too, but nobody can fill the ledger with them.
/// </summary>
internal sealed class AccessRegister(LedgerStore ledger, TimeProvider time)
{
    /// <summary>Of one address, one refusal within this is entered.</summary>
    public static readonly TimeSpan RefusalsApart = TimeSpan.FromMinutes(1);

    /// <summary>Of all addresses together, so many refusals are entered within that time.</summary>
    public const int MostRefusals = 10;

    readonly Lock _turn = new();
    readonly Dictionary<IPAddress, long> _refused = [];

    /// <summary>Enters an access.</summary>
    /// <param name="by">Which certificate or key.</param>
    /// <param name="what">What it asked for.</param>
    /// <exception cref="LedgerWriteException">It could not be entered; then nothing may be answered.</exception>
    public void Enter(string by, string what) => ledger.Append(EntryTypes.Access, Body(by, what));

    /// <summary>Enters a refused asker, unless the same address or too many others were just entered.</summary>
    /// <exception cref="LedgerWriteException">It could not be entered.</exception>
    public void EnterRefusal(string by, IPAddress from)
    {
        if (IsDue(from))
            Enter(by, "refused");
    }

    bool IsDue(IPAddress from)
    {
        var now = time.GetTimestamp();
        lock (_turn)
        {
            foreach (var (address, at) in _refused)
                if (time.GetElapsedTime(at, now) >= RefusalsApart)
                    _refused.Remove(address);
            return _refused.Count < MostRefusals && _refused.TryAdd(from, now);
        }
    }

    static ReadOnlyMemory<byte> Body(string by, string what)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("by", by);
            json.WriteString("what", what);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}

using AuditServer.Databases;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>Findings about statements that wait to be written; each is stored once, however often the same thing is sent.</summary>
sealed class FindingRows
{
    readonly List<DeliveredHeartbeat> _deliveries = [];
    readonly List<string> _codes = [];
    readonly List<string> _messages = [];
    readonly List<string?> _refused = [];

    /// <summary>Adds one; <paramref name="jws"/> only when the statement was refused, otherwise it stands among those accepted.</summary>
    public void Add(DeliveredHeartbeat delivery, string code, string message, string? jws)
    {
        _deliveries.Add(delivery);
        _codes.Add(code);
        _messages.Add(message);
        _refused.Add(jws);
    }

    /// <summary>Writes what waits; nothing waits any longer.</summary>
    public void Write(SqlSession sql)
    {
        if (_deliveries.Count == 0)
            return;

        sql.RunRows(
            """
            INSERT INTO findings (site, agent, epoch, seq, entry, code, message, received, jws)
            SELECT d.site, d.agent, d.epoch, d.seq, d.entry, d.code, d.message, d.received, d.jws
            FROM rows(site, agent, epoch, seq, entry, code, message, received, jws) WHERE true
            ON CONFLICT DO NOTHING
            """,
            ("site", Each(d => d.Agent.Site)), ("agent", Each(d => d.Heartbeat.Entry.Agent)), ("epoch", Each(d => StoredText.Of(d.Heartbeat.Entry.Epoch))),
            ("seq", Each(d => d.Heartbeat.Entry.Seq)), ("entry", Each(d => d.Heartbeat.EntryHash)), ("code", _codes), ("message", _messages),
            ("received", Each(d => StoredText.Of(d.ReceivedAt))), ("jws", _refused));
        _deliveries.Clear();
        _codes.Clear();
        _messages.Clear();
        _refused.Clear();
    }

    List<T> Each<T>(Converter<DeliveredHeartbeat, T> of) => _deliveries.ConvertAll(of);
}

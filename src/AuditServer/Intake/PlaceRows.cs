using System.Data.Common;
using AuditServer.Databases;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>Where statements stand among what is stored.</summary>
static class PlaceRows
{
    /// <summary>The places of statements, each of another agent.</summary>
    public static Dictionary<DeliveredHeartbeat, Place> Read(SqlSession sql, List<DeliveredHeartbeat> deliveries)
    {
        // By reference: to compare two of them by what they say would read all they say.
        var places = new Dictionary<DeliveredHeartbeat, Place>(deliveries.Count, ReferenceEqualityComparer.Instance);
        sql.ReadRows(
            """
            SELECT d.n, c.id, c.head_seq, c.beat_seq, (SELECT count(*) FROM chains WHERE agent = d.agent),
                   known.hash, s.receipt, previous.hash, beat.cameras, k.chain, k.seq,
                   (SELECT count(*) FROM statements r JOIN chains rc ON rc.id = r.chain WHERE r.receipt_hash = d.echo AND rc.agent = d.agent),
                   (SELECT count(*) FROM asks WHERE agent = d.agent AND seq IS NULL),
                   (SELECT recorders FROM enrolments WHERE agent = d.agent ORDER BY id DESC LIMIT 1),
                   (SELECT count(*) FROM findings WHERE agent = d.agent AND closed IS NULL AND code = 'OwnVerdictWorse')
            FROM rows(n, agent, epoch, seq, after, kid, echo)
            LEFT JOIN chains c ON c.agent = d.agent AND c.epoch = d.epoch
            LEFT JOIN statements s ON s.chain = c.id AND s.seq = d.seq
            LEFT JOIN entries known ON known.chain = s.chain AND known.seq = s.seq
            LEFT JOIN statements p ON p.chain = c.id AND p.seq = d.after
            LEFT JOIN entries previous ON previous.chain = p.chain AND previous.seq = p.seq
            LEFT JOIN statements beat ON beat.chain = c.id AND beat.seq = c.beat_seq
            LEFT JOIN agent_keys k ON k.signed_by = d.kid
            """,
            row => places.Add(deliveries[(int)row.GetInt64(0)], PlaceOf(row)),
            ("n", Enumerable.Range(0, deliveries.Count).Select(n => (long)n).ToList()),
            ("agent", deliveries.ConvertAll(delivery => delivery.Heartbeat.Entry.Agent)),
            ("epoch", deliveries.ConvertAll(delivery => StoredText.Of(delivery.Heartbeat.Entry.Epoch))),
            ("seq", deliveries.ConvertAll(delivery => delivery.Heartbeat.Entry.Seq)),
            ("after", deliveries.ConvertAll(delivery => delivery.Heartbeat.After)),
            ("kid", deliveries.ConvertAll(delivery => delivery.Heartbeat.Key.Thumbprint)),
            ("echo", deliveries.ConvertAll(delivery => delivery.Opinion.Echo)));
        return places;
    }

    static Place PlaceOf(DbDataReader row) => new()
    {
        Chain = row.IsDBNull(1) ? null : row.GetInt64(1),
        Head = row.IsDBNull(1) ? 0 : row.GetInt64(2),
        Beat = row.IsDBNull(1) ? 0 : row.GetInt64(3),
        Epochs = row.GetInt64(4),
        Known = row.IsDBNull(5) ? null : (row.GetString(5), row.GetString(6)),
        Previous = row.IsDBNull(7) ? null : row.GetString(7),
        Cameras = row.IsDBNull(8) ? null : row.GetString(8),
        Retired = row.IsDBNull(9) ? null : (row.GetInt64(9), row.GetInt64(10)),
        KnowsEcho = row.GetInt64(11) > 0,
        Asks = row.GetInt64(12) > 0,
        Recorders = row.IsDBNull(13) ? null : row.GetString(13),
        IsFoundWorse = row.GetInt64(14) > 0,
    };
}

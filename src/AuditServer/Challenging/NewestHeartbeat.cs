using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using AuditServer.Databases;

namespace AuditServer.Challenging;

/// <summary>The last thing an agent said with evidence, for what has to be asked of it.</summary>
static class NewestHeartbeat
{
    /// <summary>What it says of cameras; empty when there is none, or none that this version understands.</summary>
    public static IReadOnlyList<CameraStatement> CamerasOf(SqlSession sql, string agent)
    {
        var bytes = sql.Scalar(
            """
            SELECT e.bytes FROM chains c JOIN entries e ON e.chain = c.id AND e.seq = c.beat_seq
            WHERE c.agent = @agent AND c.beat_seq > 0 ORDER BY c.id DESC LIMIT 1
            """,
            ("@agent", agent));
        try
        {
            return bytes is byte[] entry ? HeartbeatCodec.Decode(EntryCodec.Decode(entry).Body).Cameras : [];
        }
        catch (FormatException)
        {
            return [];
        }
    }
}

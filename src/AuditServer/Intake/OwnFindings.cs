using System.Globalization;
using AuditServer.Databases;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>
/// Where this server's own policy comes to something worse than the agent claims. Such a finding lasts: it is told with the receipt for the
/// heartbeat it begins with, and closed by the first one of which it is no longer so.
/// </summary>
static class OwnFindings
{
    /// <summary>The code of the finding.</summary>
    public const string Worse = "OwnVerdictWorse";

    // A receipt has room for 64 KiB, and for more than these.
    const int MostCameras = 50;

    /// <summary>What is to be told of cameras, one sentence each.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<OwnVerdict> verdicts) => [.. verdicts.Where(verdict => verdict.IsWorse).Take(MostCameras).Select(verdict => string.Create(
        CultureInfo.InvariantCulture, $"Camera {verdict.Camera} ({verdict.Kind}): the agent claims {verdict.Claimed} for {verdict.ClaimedDays} d; by this server's policy it is {verdict.Own} for {verdict.Days} d."))];

    /// <summary>Closes what is over, within the transaction that accepts the heartbeat.</summary>
    /// <param name="sql">The transaction.</param>
    /// <param name="delivery">The heartbeat.</param>
    /// <param name="place">Where it stands.</param>
    /// <returns>What is new.</returns>
    public static IReadOnlyList<string> Take(SqlSession sql, DeliveredHeartbeat delivery, Place place)
    {
        var entry = delivery.Heartbeat.Entry;
        // What came late says nothing of now.
        if (delivery.Opinion.Worse is not { } worse || entry.Seq < place.Beat)
            return [];

        if ((worse.Count == 0 && !place.IsFoundWorse) || IsOver(sql, entry.Agent, place.Chain))
            return [];

        var open = Open(sql, entry.Agent);
        foreach (var message in open.Except(worse, StringComparer.Ordinal))
            sql.Run(
                "UPDATE findings SET closed = @now WHERE agent = @agent AND closed IS NULL AND code = 'OwnVerdictWorse' AND message = @message",
                ("@now", StoredText.Of(delivery.ReceivedAt)), ("@agent", entry.Agent), ("@message", message));
        return [.. worse.Except(open, StringComparer.Ordinal)];
    }

    static List<string> Open(SqlSession sql, string agent)
    {
        using var row = sql.Read("SELECT message FROM findings WHERE agent = @agent AND closed IS NULL AND code = 'OwnVerdictWorse'", ("@agent", agent));
        var open = new List<string>();
        while (row.Read())
            open.Add(row.GetString(0));
        return open;
    }

    // An epoch that another one came after.
    static bool IsOver(SqlSession sql, string agent, long? chain) =>
        chain is { } known && sql.Scalar("SELECT max(id) FROM chains WHERE agent = @agent", ("@agent", agent)) is long newest && newest > known;
}

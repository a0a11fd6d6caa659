using System.Globalization;
using AuditServer.Databases;

namespace AuditServer.Assigning;

/// <summary>What officers assigned, and how far agents follow it. Assignments stay; the newest for a camera counts.</summary>
static class AssignmentRows
{
    /// <summary>Assigns days to a camera.</summary>
    /// <returns>The assignment in force; the one before where it said the same.</returns>
    public static StoredAssignment Assign(SqlSession sql, string site, string camera, int days, DateTimeOffset now)
    {
        if (InForce(sql, site).FirstOrDefault(known => known.Camera == camera) is { } before && before.Days == days)
            return before;

        var id = Convert.ToInt64(
            sql.Scalar(
                "INSERT INTO assignments (site, camera, days, assigned) VALUES (@site, @camera, @days, @assigned) RETURNING id",
                ("@site", site), ("@camera", camera), ("@days", (long)days), ("@assigned", StoredText.Of(now))),
            CultureInfo.InvariantCulture);
        return new StoredAssignment(id, site, camera, days, now);
    }

    /// <summary>What counts at a site now, by camera.</summary>
    public static List<StoredAssignment> InForce(SqlSession sql, string site)
    {
        using var row = sql.Read(
            """
            SELECT id, site, camera, days, assigned FROM assignments a
            WHERE site = @site AND id = (SELECT max(id) FROM assignments b WHERE b.site = a.site AND b.camera = a.camera) ORDER BY camera
            """,
            ("@site", site));
        var found = new List<StoredAssignment>();
        while (row.Read())
            found.Add(new StoredAssignment(row.GetInt64(0), row.GetString(1), row.GetString(2), (int)row.GetInt64(3), StoredText.Time(row.GetString(4))));
        return found;
    }

    /// <summary>Agents that spoke for a site something is assigned at, with the site.</summary>
    public static List<(string Agent, string Site)> Agents(SqlSession sql)
    {
        using var row = sql.Read("SELECT agent, site FROM agents g WHERE EXISTS (SELECT 1 FROM assignments a WHERE a.site = g.site)");
        var found = new List<(string, string)>();
        while (row.Read())
            found.Add((row.GetString(0), row.GetString(1)));
        return found;
    }

    /// <summary>The agents that spoke for a site.</summary>
    public static List<string> AgentsOf(SqlSession sql, string site)
    {
        using var row = sql.Read("SELECT agent FROM agents WHERE site = @site ORDER BY agent", ("@site", site));
        var found = new List<string>();
        while (row.Read())
            found.Add(row.GetString(0));
        return found;
    }

    /// <summary>Whether an agent was asked under an id before a time, and a heartbeat of it came after that.</summary>
    public static bool IsPassedOver(SqlSession sql, string agent, string ask, DateTimeOffset before) => sql.Scalar(
        """
        SELECT count(*) FROM asks a JOIN statements s ON s.chain = a.chain AND s.seq = a.seq
        WHERE a.agent = @agent AND a.ask = @ask AND s.received < @before
        AND EXISTS (SELECT 1 FROM chains c JOIN statements h ON h.chain = c.id WHERE c.agent = @agent AND h.kind = 'heartbeat' AND h.received > s.received)
        """,
        ("@agent", agent), ("@ask", ask), ("@before", StoredText.Of(before))) is not 0L;

    /// <summary>Lets a question go out with the next receipt once more.</summary>
    public static void Repeat(SqlSession sql, string agent, string ask) =>
        sql.Run("UPDATE asks SET chain = NULL, seq = NULL, answered = NULL WHERE agent = @agent AND ask = @ask", ("@agent", agent), ("@ask", ask));

    /// <summary>Notes that an agent follows.</summary>
    /// <returns>Whether that is new.</returns>
    public static bool NoteFollowed(SqlSession sql, string agent, string ask, DateTimeOffset now) => sql.Run(
        "UPDATE asks SET answered = @now WHERE agent = @agent AND ask = @ask AND answered IS NULL", ("@now", StoredText.Of(now)), ("@agent", agent), ("@ask", ask)) == 1;
}

using System.Globalization;
using Agent.Ledger;
using Microsoft.Data.Sqlite;

namespace Agent.Rounds;

/// <summary>
/// Which cameras were ever seen, so that one whose folder is gone stays in sight, also after a restart. It holds the recorder's own
/// names and never leaves the host; what travels is in the ledger.
/// </summary>
internal sealed class SightingStore
{
    public const string FileName = "sightings.db";

    readonly string _connection;

    public SightingStore(string directory)
    {
        Directory.CreateDirectory(directory);
        _connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, FileName), Pooling = false }.ToString();
        using var connection = Open();
        connection.Run("""
            CREATE TABLE IF NOT EXISTS camera (
                recorder   TEXT NOT NULL,
                camera     TEXT NOT NULL,  -- as the recorder names it
                first_seen TEXT NOT NULL,  -- RFC 3339 UTC: the look that met it first
                PRIMARY KEY (recorder, camera)
            ) STRICT
            """);
    }

    /// <summary>Cameras of a recorder seen so far.</summary>
    public IReadOnlyList<string> Of(string recorder)
    {
        using var connection = Open();
        using var command = connection.Command("SELECT camera FROM camera WHERE recorder = $recorder ORDER BY camera", ("$recorder", recorder));
        using var rows = command.ExecuteReader();
        var cameras = new List<string>();
        while (rows.Read())
            cameras.Add(rows.GetString(0));
        return cameras;
    }

    /// <summary>Remembers the cameras of one look; those known already keep their first time.</summary>
    public void Remember(string recorder, IEnumerable<string> cameras, DateTimeOffset lookedAt)
    {
        using var connection = Open();
        foreach (var camera in cameras)
            connection.Run("INSERT OR IGNORE INTO camera VALUES ($recorder, $camera, $seen)",
                ("$recorder", recorder), ("$camera", camera), ("$seen", lookedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
    }

    SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }
}

using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>The configuration of the last start, by fingerprints. Works within the caller's transaction.</summary>
static class SettingStore
{
    /// <summary>Takes the settings of this start.</summary>
    /// <returns>Those that are others than at the last start, by key; none at the first.</returns>
    public static IReadOnlyList<(string Key, string? Before, string? After)> Replace(SqliteConnection connection, IReadOnlyDictionary<string, string> now)
    {
        var before = Read(connection);
        var changed = before.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(key => (key, before.GetValueOrDefault(key), now.GetValueOrDefault(key)))
            .Where(change => change.Item2 != change.Item3).ToList();
        if (changed.Count == 0)
            return [];

        connection.Run("DELETE FROM setting");
        foreach (var (key, fingerprint) in now)
            connection.Run("INSERT INTO setting (key, fingerprint) VALUES ($key, $fingerprint)", ("$key", key), ("$fingerprint", fingerprint));
        return before.Count == 0 ? [] : changed;
    }

    static Dictionary<string, string> Read(SqliteConnection connection)
    {
        using var command = connection.Command("SELECT key, fingerprint FROM setting");
        using var row = command.ExecuteReader();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        while (row.Read())
            settings[row.GetString(0)] = row.GetString(1);
        return settings;
    }
}

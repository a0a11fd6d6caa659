using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>Holds the tables, indexes and triggers of a database against those a new ledger gets.</summary>
static partial class LedgerSchemaStore
{
    static readonly Lazy<IReadOnlyDictionary<string, string>> Expected = new(() =>
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        connection.Run(LedgerSchema.Create);
        return Read(connection);
    });

    /// <summary>The first thing that is not as this version makes it; null when all is.</summary>
    public static string? Fault(SqliteConnection connection) => FirstOdd(connection, _ => true);

    /// <summary>The same for the tables alone, without which nothing works. A missing trigger is for the whole check.</summary>
    public static string? TableFault(SqliteConnection connection) => FirstOdd(connection, name => name.StartsWith("table ", StringComparison.Ordinal));

    static string? FirstOdd(SqliteConnection connection, Func<string, bool> counts)
    {
        var found = Read(connection);
        var odd = Expected.Value.Keys.Union(found.Keys, StringComparer.Ordinal).Where(counts).Order(StringComparer.Ordinal)
            .FirstOrDefault(name => Expected.Value.GetValueOrDefault(name) != found.GetValueOrDefault(name));
        return odd is null ? null : Expected.Value.ContainsKey(odd) ? $"The schema was changed: {odd} is not as this version makes it." : "The schema was changed: there is something in it this version does not make.";
    }

    /// <summary>Whether there is anything in the database at all.</summary>
    public static bool IsEmpty(SqliteConnection connection) => Read(connection).Count == 0;

    static Dictionary<string, string> Read(SqliteConnection connection)
    {
        using var command = connection.Command("SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL");
        using var row = command.ExecuteReader();
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        while (row.Read())
            all[row.GetString(0)] = White().Replace(Comment().Replace(row.GetString(1), ""), " ");
        return all;
    }

    // Comments may be put better without anything being another schema.
    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex White();
}

using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>How a store speaks to its database.</summary>
static class SqlStore
{
    /// <summary>A command within whatever transaction the connection is in.</summary>
    public static SqliteCommand Command(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        // Every text given here is a constant; what varies is a parameter.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    /// <summary>Runs a command that gives nothing back.</summary>
    /// <returns>How many rows it changed.</returns>
    public static int Run(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a command for its first value; null when there is none.</summary>
    public static object? Value(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteScalar() is var value and not DBNull ? value : null;
    }

    /// <summary>Whether what was met can only be met in a file that is not as it was written: also a missing table, a text where a number stood.</summary>
    public static bool ShowsDamage(this Exception e) => e switch
    {
        SqliteException sqlite => sqlite.IsDamage() || sqlite.SqliteErrorCode is SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_INTERNAL
            or SQLitePCL.raw.SQLITE_SCHEMA or SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_MISMATCH or SQLitePCL.raw.SQLITE_FORMAT or SQLitePCL.raw.SQLITE_RANGE,
        FormatException or InvalidCastException or InvalidOperationException or OverflowException or ArgumentException => true,
        _ => false,
    };

    /// <summary>Whether the file itself is broken, rather than busy, full or out of reach.</summary>
    public static bool IsDamage(this SqliteException e) =>
        e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;
}

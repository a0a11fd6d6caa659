using System.Collections;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace AuditServer.Databases;

/// <summary>
/// A connection with the commands used on it. Each text is parsed once, by us and by the database, however often it runs; a text
/// always has the same parameters. Not for two threads.
/// </summary>
sealed partial class SqlSession(DbConnection connection, bool takesArrays = false) : IDisposable
{
    readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

    public DbConnection Connection => connection;

    /// <summary>The transaction that what runs now belongs to.</summary>
    public DbTransaction? Transaction { get; set; }

    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => With(sql, values).ExecuteNonQuery();

    public object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => With(sql, values).ExecuteScalar();

    /// <summary>The rows; to be disposed of before the same text runs again.</summary>
    public DbDataReader Read(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => With(sql, values).ExecuteReader();

    /// <summary>
    /// Runs a text for many rows, which stand in it as a table: <c>rows(seq, hash)</c> has the columns <c>seq</c> and <c>hash</c> of
    /// <paramref name="columns"/>, and the alias <c>d</c>. Where each command is a way to another machine it runs once for all of them.
    /// </summary>
    /// <param name="sql">One statement or several; each takes all rows before the next takes the first only where arrays are taken, so that no row may depend on another.</param>
    /// <param name="columns">Lists of long, string, nullable string or byte[], all of the same length, under the names of the columns.</param>
    public void RunRows(string sql, params ReadOnlySpan<(string Name, IList Values)> columns)
    {
        for (var (row, count) = (0, CommandsFor(columns)); row < count; row++)
            WithRows(sql, columns, row).ExecuteNonQuery();
    }

    /// <summary>The same for a question; the answers to rows come in no order.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="read">Takes what was found, a row at a time.</param>
    /// <param name="columns">As for <see cref="RunRows"/>.</param>
    public void ReadRows(string sql, Action<DbDataReader> read, params ReadOnlySpan<(string Name, IList Values)> columns)
    {
        for (var (row, count) = (0, CommandsFor(columns)); row < count; row++)
        {
            using var found = WithRows(sql, columns, row).ExecuteReader();
            while (found.Read())
                read(found);
        }
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        connection.Dispose();
    }

    // An empty array is nothing to send.
    int CommandsFor(ReadOnlySpan<(string Name, IList Values)> columns) => columns[0].Values.Count is var rows && takesArrays ? Math.Min(rows, 1) : rows;

    DbCommand WithRows(string sql, ReadOnlySpan<(string Name, IList Values)> columns, int row)
    {
        var isNew = !_commands.TryGetValue(sql, out var command);
        if (isNew)
            command = Add(sql, RowsAsTable().Replace(sql, takesArrays ? Unnested : Single));

        for (var i = 0; i < columns.Length; i++)
        {
            var (name, values) = columns[i];
            if (isNew)
                Declare(command!, $"@{name}", takesArrays ? null : TypeOf(values[row]));
            command!.Parameters[i].Value = takesArrays ? values : values[row] ?? DBNull.Value;
        }

        if (isNew)
            command!.Prepare();
        command!.Transaction = Transaction;
        return command;
    }

    DbCommand With(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = Add(sql, sql);
            foreach (var (name, value) in values)
                Declare(command, name, TypeOf(value));
            command.Prepare();
        }

        command.Transaction = Transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        return command;
    }

    [SuppressMessage("Security", "CA2100", Justification = "All SQL is a constant of the caller's; values are parameters.")]
    DbCommand Add(string key, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = Transaction;
        _commands.Add(key, command);
        return command;
    }

    static void Declare(DbCommand command, string name, DbType? type)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        // The type of an array follows from its elements.
        if (type is { } known)
            parameter.DbType = known;
        command.Parameters.Add(parameter);
    }

    // The type is always said: a null that has none cannot be prepared. Only texts are ever null.
    static DbType TypeOf(object? value) => value switch { long => DbType.Int64, byte[] => DbType.Binary, _ => DbType.String };

    static string Unnested(Match table) => $"unnest({Columns(table, name => $"@{name}")}) AS d ({Columns(table, name => name)})";

    static string Single(Match table) => $"(SELECT {Columns(table, name => $"@{name} AS {name}")}) AS d";

    static string Columns(Match table, Func<string, string> one) =>
        string.Join(", ", table.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries).Select(one));

    [GeneratedRegex(@"\brows\(([a-z_, ]+)\)")]
    private static partial Regex RowsAsTable();
}

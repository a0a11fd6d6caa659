using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace AuditServer.Databases;

/// <summary>
/// A connection with the commands used on it. Each text is parsed once, by us and by the database, however often it runs; a text
/// always has the same parameters. Not for two threads.
/// </summary>
sealed class SqlSession(DbConnection connection) : IDisposable
{
    readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

    public DbConnection Connection => connection;

    /// <summary>The transaction that what runs now belongs to.</summary>
    public DbTransaction? Transaction { get; set; }

    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => With(sql, values).ExecuteNonQuery();

    public object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => With(sql, values).ExecuteScalar();

    /// <summary>The rows; to be disposed of before the same text runs again.</summary>
    public DbDataReader Read(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => With(sql, values).ExecuteReader();

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        connection.Dispose();
    }

    [SuppressMessage("Security", "CA2100", Justification = "All SQL is a constant of the caller's; values are parameters.")]
    DbCommand With(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            command.Transaction = Transaction;
            foreach (var (name, value) in values)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                // The type is always said: a null that has none cannot be prepared. Only texts are ever null.
                parameter.DbType = value switch { long => DbType.Int64, byte[] => DbType.Binary, _ => DbType.String };
                command.Parameters.Add(parameter);
            }

            command.Prepare();
            _commands.Add(sql, command);
        }

        command.Transaction = Transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        return command;
    }
}

using System.Data.Common;
using AuditServer.Databases;

namespace Agent.Tests.AuditServer;

/// <summary>The server's SQLite file on a disk that has no room for another page for as long as somebody says so.</summary>
sealed class CrampedDatabase(IEvidenceDatabase file) : IEvidenceDatabase
{
    const long Largest = 4294967294;

    /// <summary>Whether a transaction that begins from now on finds no room.</summary>
    public bool IsFull { get; set; }

    public bool TakesArrays => file.TakesArrays;

    public void Prepare() => file.Prepare();

    public DbConnection Open() => file.Open();

    public DbTransaction Begin(DbConnection connection, IEnumerable<string> agents)
    {
        using (var command = connection.CreateCommand())
        {
#pragma warning disable CA2100 // A constant either way.
            command.CommandText = $"PRAGMA max_page_count = {(IsFull ? 1 : Largest)}";
#pragma warning restore CA2100
            command.ExecuteScalar();
        }

        return file.Begin(connection, agents);
    }

    public void SettleDoubt(DbConnection connection) => file.SettleDoubt(connection);

    public void Dispose() => file.Dispose();
}

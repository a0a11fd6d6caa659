using System.Text;
using Microsoft.Data.Sqlite;

namespace Agent.EndToEnd;

/// <summary>What the audit server's database holds, read from beside it.</summary>
/// <param name="Epochs">The epochs it was told of.</param>
/// <param name="Entries">Every entry, by seq.</param>
/// <param name="Receipts">Every receipt it issued, by the seq of its statement.</param>
/// <param name="Received">When each of those statements was received, by seq.</param>
internal sealed record ServerEvidence(IReadOnlyList<string> Epochs, IReadOnlyList<(long Seq, string Bytes)> Entries, IReadOnlyList<(long Seq, string Jws)> Receipts, IReadOnlyList<string> Received)
{
    public static ServerEvidence Of(TestSite site)
    {
        var file = Directory.GetFiles(site.InFolder("server"), "*.db").Single();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        return new ServerEvidence(
            All(connection, "SELECT epoch FROM chains ORDER BY id", row => row.GetString(0)),
            All(connection, "SELECT seq, bytes FROM entries ORDER BY chain, seq", row => (row.GetInt64(0), Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(1)))),
            All(connection, "SELECT seq, receipt FROM statements ORDER BY chain, seq", row => (row.GetInt64(0), row.GetString(1))),
            All(connection, "SELECT received FROM statements ORDER BY chain, seq", row => row.GetString(0)));
    }

    static List<T> All<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var all = new List<T>();
        while (row.Read())
            all.Add(read(row));
        return all;
    }
}

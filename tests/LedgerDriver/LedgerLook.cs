using Agent.Keys;
using Agent.Ledger;
using Microsoft.Data.Sqlite;

namespace LedgerDriver;

/// <summary>
/// Opens a ledger as the agent does when it starts, twice, and tells what is in it in the words of <see cref="LedgerWriting"/>; what is
/// wrong with it is a line that begins with "fault".
/// </summary>
static class LedgerLook
{
    public static void Tell(string directory, TextWriter output)
    {
        output.WriteLine($"folder {directory}");
        try
        {
            using var identity = AgentIdentity.Open(directory, "HZ-0571-0001");
            LedgerHead head;
            using (var ledger = LedgerStore.Open(directory, identity, TimeProvider.System))
            {
                if (ledger.Damage is { } damage)
                    output.WriteLine($"damage {damage}");
                ledger.AppendTick();
                head = ledger.Append("note", "{}"u8.ToArray());
                if (ledger.Read.Check(identity.Key.Public, identity.PublicKeys).Fault is { } fault)
                    output.WriteLine($"fault {fault}");
            }

            using (var again = LedgerStore.Open(directory, identity, TimeProvider.System))
                if (again.Read.Head != head)
                    output.WriteLine("fault A second opening found something else than the first left.");
            TellAll(directory, output);
        }
        catch (Exception e) when (e is LedgerWriteException or LedgerDamagedException or LedgerRefusedException or KeyFileException or SqliteException or IOException)
        {
            output.WriteLine($"fault {e.ToString().ReplaceLineEndings(" ")}");
        }
    }

    static void TellAll(string directory, TextWriter output)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, "ledger.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT 'entry ' || epoch || ' ' || seq || ' ' || hash FROM entry
            UNION ALL SELECT 'receipt ' || epoch || ' ' || seq || ' ' || receipt FROM outbox WHERE state = 'receipted'
            """;
        using var row = command.ExecuteReader();
        while (row.Read())
            output.WriteLine(row.GetString(0));
    }
}

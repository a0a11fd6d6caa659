using System.Text;
using Agent.Evidence.Statements;

namespace Agent.Ledger;

/// <summary>Writes the ledger as it can be checked anywhere and taken in by the audit server: JSON Lines. Source: FORMAT.md, "Ledger export".</summary>
static class LedgerExportStore
{
    /// <summary>Whether an entry of an epoch is left.</summary>
    public static bool Holds(LedgerReadStore ledger, Guid epoch)
    {
        using var connection = ledger.Open();
        return connection.Value("SELECT 1 FROM entry WHERE epoch = $epoch LIMIT 1", ("$epoch", epoch.ToString())) is not null;
    }

    /// <summary>Writes every entry as it was hashed, in the order of writing, and after each statement its signature.</summary>
    /// <param name="ledger">The ledger; it may be written meanwhile, what is read is as it was at the beginning.</param>
    /// <param name="to">Where the lines go.</param>
    /// <param name="epoch">Only this epoch; every one when null.</param>
    /// <returns>How many entries were written, and of how many epochs.</returns>
    public static (long Entries, int Epochs) Write(LedgerReadStore ledger, TextWriter to, Guid? epoch = null)
    {
        using var connection = ledger.Open();
        using var command = connection.Command(
            """
            SELECT e.bytes, o.jws, e.epoch FROM entry e LEFT JOIN outbox o ON o.epoch = e.epoch AND o.seq = e.seq
            WHERE $epoch IS NULL OR e.epoch = $epoch ORDER BY e.position
            """,
            ("$epoch", (object?)epoch?.ToString() ?? DBNull.Value));
        using var row = command.ExecuteReader();
        var epochs = new HashSet<string>(StringComparer.Ordinal);
        var written = 0L;
        while (row.Read())
        {
            Line(Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(0)));
            if (!row.IsDBNull(1))
                Line(SignatureLine.Of(row.GetString(1)));
            epochs.Add(row.GetString(2));
            written++;
        }

        return (written, epochs.Count);

        void Line(string text)
        {
            to.Write(text);
            to.Write('\n');
        }
    }
}

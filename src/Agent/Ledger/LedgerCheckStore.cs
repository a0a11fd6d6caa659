using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>
/// Holds the database against the rules a verifier far away will hold the entries against, plus one more: the columns beside the bytes
/// must say what the bytes say, because the agent works by the columns. Runs within the caller's transaction, so on one state.
/// </summary>
static class LedgerCheckStore
{
    public static LedgerCheck Whole(SqliteConnection connection, Jwk? key, JwkSet? retired)
    {
        var head = LedgerReadStore.HeadOf(connection);
        if (FileFault(connection) is { } file)
            return new LedgerCheck(0, head, file);

        var (entries, fault) = FirstFault(connection, head, after: 0);
        return new LedgerCheck(
            entries, head, fault ?? EndedEpochsFault(connection) ?? OutboxFault(connection) ?? SignatureFault(connection, key, retired) ?? LedgerSchemaStore.Fault(connection));
    }

    public static string? Tail(SqliteConnection connection, int entries)
    {
        var head = LedgerReadStore.HeadOf(connection);
        return FirstFault(connection, head, Math.Max(0, head.Seq - entries)).Fault;
    }

    static (long Entries, string? Fault) FirstFault(SqliteConnection connection, LedgerHead head, long after)
    {
        var walk = new ChainWalk(new ChainStart
        {
            Agent = (string?)connection.Value("SELECT agent FROM meta"),
            Epoch = head.Epoch,
            Seq = after + 1,
            Previous = after == 0
                ? EntryCodec.NoPrevious
                : EntryCodec.Hash(LedgerReadStore.RowsBetween(connection, head.Epoch, after - 1, after + 1).SingleOrDefault().Bytes.Span),
        });
        var before = walk.Last;
        foreach (var row in LedgerReadStore.RowsBetween(connection, head.Epoch, after, long.MaxValue))
        {
            if (walk.Accept(row.Bytes) is { } fault)
                return (walk.Count, fault.Message);
            if (row.Seq != walk.Last!.Seq || row.Hash != walk.Head)
                return (walk.Count, $"Entry with seq {walk.Last.Seq}: the row beside its bytes says seq {row.Seq} and hash {row.Hash}.");
            if (before is not null && before.Boot == walk.Last.Boot && walk.Last.MonotonicMilliseconds < before.MonotonicMilliseconds)
                return (walk.Count, $"Entry with seq {walk.Last.Seq}: the monotonic clock runs backwards from {before.MonotonicMilliseconds} to {walk.Last.MonotonicMilliseconds} ms within one boot.");
            before = walk.Last;
        }

        return (walk.Count, null);
    }

    // Epochs that ended may have holes, and a gap entry says so. What is there must be what was written, and follow what is before it.
    static string? EndedEpochsFault(SqliteConnection connection)
    {
        var agent = (string?)connection.Value("SELECT agent FROM meta");
        LedgerEntry? before = null;
        string? hash = null;
        using var command = connection.Command("SELECT epoch, seq, bytes, hash FROM entry WHERE epoch <> (SELECT epoch FROM meta) ORDER BY position");
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var bytes = row.GetFieldValue<byte[]>(2);
            var entry = EntryCodec.Decode(bytes);
            if (EntryCodec.Hash(bytes) != row.GetString(3) || entry.Seq != row.GetInt64(1) || entry.Epoch != row.GetGuid(0))
                return $"Entry with seq {row.GetInt64(1)} of an epoch that ended: the row beside its bytes says something else than they do.";
            if (entry.Agent != agent)
                return $"Entry with seq {entry.Seq} of an epoch that ended is of agent {entry.Agent}.";
            if (before?.Epoch == entry.Epoch && before.Seq + 1 == entry.Seq && entry.Previous != hash)
                return $"Entry with seq {entry.Seq} of an epoch that ended does not follow the one before it.";
            (before, hash) = (entry, row.GetString(3));
        }

        return null;
    }

    static string? FileFault(SqliteConnection connection)
    {
        if (connection.Value("PRAGMA integrity_check(1)") is not "ok" and var found)
            return $"The database file is damaged: {found}.";

        return connection.Value("PRAGMA foreign_key_check") is null ? null : "A statement was signed for an entry that is not in the ledger.";
    }

    // Statements of this epoch are all signed, each tells of what came after the one before it, and each receipt is an entry too.
    static string? OutboxFault(SqliteConnection connection)
    {
        var receipts = new EnteredReceipts();
        var last = 0L;
        using (var command = connection.Command("""
            SELECT e.bytes, o.after FROM entry e LEFT JOIN outbox o ON o.epoch = e.epoch AND o.seq = e.seq
            WHERE e.epoch = (SELECT epoch FROM meta) ORDER BY e.seq
            """))
        using (var row = command.ExecuteReader())
            while (row.Read())
            {
                var entry = EntryCodec.Decode(row.GetFieldValue<byte[]>(0));
                receipts.Add(entry);
                if (entry.Type is not (EntryTypes.Heartbeat or EntryTypes.Tick))
                    continue;
                if (row.IsDBNull(1))
                    return $"Statement with seq {entry.Seq}: there is no signature for it.";
                if (row.GetInt64(1) != last)
                    return $"Statement with seq {entry.Seq}: the row beside it says that the statement before it is {row.GetInt64(1)}, and it is {last}.";
                last = entry.Seq;
            }

        using var receipted = connection.Command("SELECT o.seq, o.receipt FROM outbox o WHERE o.state = 'receipted' AND o.epoch = (SELECT epoch FROM meta) ORDER BY o.seq");
        using var found = receipted.ExecuteReader();
        var began = false;
        while (found.Read())
        {
            // The first version of the ledger wrote no entries for receipts; from the first one on there is one for each.
            if (receipts.Contains(found.GetString(1)))
                began = true;
            else if (began)
                return $"Statement with seq {found.GetInt64(0)}: its receipt is in no entry of the ledger.";
        }

        return null;
    }

    static string? SignatureFault(SqliteConnection connection, Jwk? key, JwkSet? retired)
    {
        if (key is null)
            return null;

        // An epoch that ended may have lost the rotations that lead from key to key: there any key of the agent may have signed.
        var epoch = LedgerReadStore.HeadOf(connection).Epoch;
        var keys = KeyHistory.Follow(LedgerReadStore.KeyRotationsOf(connection, newestFirst: false).Where(rotation => rotation.Entry.Epoch == epoch), key, retired);
        if (keys.Fault is not null)
            return keys.Fault;

        using var command = connection.Command("""
            SELECT o.seq, o.jws, e.bytes, e.position, o.epoch FROM outbox o JOIN entry e ON e.epoch = o.epoch AND e.seq = o.seq ORDER BY o.position
            """);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var current = row.GetGuid(4) == epoch ? keys.At(row.GetInt64(3)) : null;
            var bytes = row.GetFieldValue<byte[]>(2);
            var isTick = EntryCodec.Decode(bytes).Type == EntryTypes.Tick;
            var what = isTick ? "Tick" : "Heartbeat";
            var check = Jws.Verify(row.GetString(1), isTick ? StatementTypes.Tick : StatementTypes.Heartbeat, kid => current is null ? Any(kid) : kid == current.Thumbprint ? current : null);
            if (check.Fault is not null)
                return $"{what} with seq {row.GetInt64(0)}: {check.Message}";
            if (!check.Payload.Span.SequenceEqual(bytes))
                return $"{what} with seq {row.GetInt64(0)}: what was signed is not what the ledger holds.";
        }

        return null;

        Jwk? Any(string kid) => kid == key.Thumbprint ? key : retired?.Find(kid);
    }
}

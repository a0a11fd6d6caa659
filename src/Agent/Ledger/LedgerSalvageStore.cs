using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>
/// Takes out of a damaged database every row that still proves itself: an entry whose hash is that of its bytes and which names this
/// agent, and a statement whose entry was kept. Reads around what cannot be read.
/// </summary>
sealed class LedgerSalvageStore(AgentIdentity identity)
{
    const int Stretch = 256;

    // No entry is shorter, so no database has more positions than this allows.
    const int LeastEntry = 200;

    readonly Dictionary<Guid, long> _newest = [];
    readonly List<(Guid Epoch, long From, long To)> _holes = [];
    LedgerHead? _last;
    long _entries;

    /// <summary>Copies what is left into a new database.</summary>
    /// <param name="damaged">The database; not changed.</param>
    /// <param name="into">A new ledger, within a transaction.</param>
    /// <param name="witness">How far the ledger is known to have been.</param>
    /// <param name="fault">What was wrong, for the <c>gap</c>.</param>
    public LedgerLoss Salvage(string damaged, SqliteConnection into, LedgerHead? witness, string fault)
    {
        if (File.Exists(damaged))
            KeepWhatProvesItself(damaged, into);
        return Loss(witness, fault);
    }

    LedgerLoss Loss(LedgerHead? witness, string fault)
    {
        // What is known and not here ends the epoch it names; otherwise the newest entry does.
        var head = witness is { } known && known.Epoch != _last?.Epoch && !_newest.ContainsKey(known.Epoch)
            ? new LedgerHead(known.Epoch, 0, EntryCodec.NoPrevious)
            : _last ?? new LedgerHead(Guid.Empty, 0, EntryCodec.NoPrevious);
        var missing = witness is { } w && w.Epoch == head.Epoch && w.Seq > head.Seq ? witness : null;
        var lost = _holes.Where(hole => hole.Epoch == head.Epoch).Select(hole => (hole.From, hole.To)).ToList();
        if (missing is { } beyond)
            lost.Add((head.Seq + 1, beyond.Seq));
        return new LedgerLoss(LedgerLoss.Damaged, head, missing, _entries, lost, fault);
    }

    void KeepWhatProvesItself(string damaged, SqliteConnection into)
    {
        using var from = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = damaged, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            from.Open();
        }
        catch (SqliteException)
        {
            return;
        }

        var last = LastPosition(from, damaged);
        Each(from, "SELECT bytes, hash FROM entry WHERE position BETWEEN $first AND $last ORDER BY position", 1, last, row => KeepEntry(into, row));
        Each(from, "SELECT epoch, seq, after, jws, state, attempts, failure, receipt FROM outbox WHERE position BETWEEN $first AND $last ORDER BY position",
            1, last, row => KeepStatement(into, row));
    }

    static long LastPosition(SqliteConnection from, string damaged)
    {
        try
        {
            return Math.Max((long)from.Value("SELECT coalesce(max(position), 0) FROM entry")!, (long)from.Value("SELECT coalesce(max(position), 0) FROM outbox")!);
        }
        catch (SqliteException)
        {
            var log = new FileInfo(damaged + "-wal");
            return Math.Max(Stretch, (new FileInfo(damaged).Length + (log.Exists ? log.Length : 0)) / LeastEntry);
        }
    }

    // A stretch that cannot be read is halved until only what is broken is left out. In order, because entries go in in order.
    static void Each(SqliteConnection from, string sql, long first, long last, Action<object?[]> keep)
    {
        for (var start = first; start <= last; start += Stretch)
            Within(start, Math.Min(last, start + Stretch - 1));

        void Within(long lo, long hi)
        {
            if (RowsOf(from, sql, lo, hi) is { } rows)
                rows.ForEach(keep);
            else if (lo < hi)
            {
                Within(lo, (lo + hi) / 2);
                Within(((lo + hi) / 2) + 1, hi);
            }
        }
    }

    static List<object?[]>? RowsOf(SqliteConnection from, string sql, long first, long last)
    {
        try
        {
            using var command = from.Command(sql, ("$first", first), ("$last", last));
            using var row = command.ExecuteReader();
            var rows = new List<object?[]>();
            while (row.Read())
                rows.Add([.. Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? null : row.GetValue(i))]);
            return rows;
        }
        catch (Exception e) when (e is SqliteException or ArgumentException)
        {
            return null;
        }
    }

    void KeepEntry(SqliteConnection into, object?[] row)
    {
        if (row is not [byte[] bytes, string hash] || EntryCodec.Hash(bytes) != hash || Decoded(bytes) is not { } entry || entry.Agent != identity.Agent)
            return;
        var before = _newest.GetValueOrDefault(entry.Epoch);
        if (entry.Seq <= before)
            return;

        into.Run("INSERT INTO entry (epoch, seq, bytes, hash) VALUES ($epoch, $seq, $bytes, $hash)",
            ("$epoch", entry.Epoch.ToString()), ("$seq", entry.Seq), ("$bytes", bytes), ("$hash", hash));
        if (entry.Seq > before + 1)
            _holes.Add((entry.Epoch, before + 1, entry.Seq - 1));
        _newest[entry.Epoch] = entry.Seq;
        _last = new LedgerHead(entry.Epoch, entry.Seq, hash);
        _entries++;
    }

    void KeepStatement(SqliteConnection into, object?[] row)
    {
        if (row is not [string epoch, long seq, long after, string jws, string state, long attempts, _, _])
            return;
        var bytes = into.Value("SELECT bytes FROM entry WHERE epoch = $epoch AND seq = $seq", ("$epoch", epoch), ("$seq", seq)) as byte[];
        if (bytes is null || Decoded(bytes)?.Type is not (EntryTypes.Heartbeat or EntryTypes.Tick) || attempts is < 0 or > int.MaxValue)
            return;
        jws = Whole(jws, bytes);
        try
        {
            into.Run("INSERT INTO outbox (epoch, seq, after, jws, state, attempts, failure, receipt) VALUES ($epoch, $seq, $after, $jws, $state, $attempts, $failure, $receipt)",
                ("$epoch", epoch), ("$seq", seq), ("$after", after), ("$jws", jws), ("$state", state), ("$attempts", attempts),
                ("$failure", row[6] ?? DBNull.Value), ("$receipt", row[7] ?? DBNull.Value));
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
        {
            // A state nobody could have written: the statement goes out again, and the audit server answers with what it gave before.
            into.Run("""
                INSERT INTO outbox (epoch, seq, after, jws) SELECT $epoch, $seq, $after, $jws
                WHERE $after >= 0 AND $after < $seq AND NOT EXISTS (SELECT 1 FROM outbox WHERE epoch = $epoch AND seq = $seq)
                """,
                ("$epoch", epoch), ("$seq", seq), ("$after", after), ("$jws", jws));
        }
    }

    static LedgerEntry? Decoded(byte[] bytes)
    {
        try
        {
            return EntryCodec.Decode(bytes);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // What counts is the entry. Where only the signature over it was damaged it is made again, and the statement still arrives.
    string Whole(string jws, byte[] bytes)
    {
        var type = EntryCodec.Decode(bytes).Type == EntryTypes.Tick ? StatementTypes.Tick : StatementTypes.Heartbeat;
        var check = Jws.Verify(jws, type, identity.PublicKeys.Find);
        return check.Fault is null && check.Payload.Span.SequenceEqual(bytes) ? jws : identity.Key.Sign(bytes, type);
    }
}

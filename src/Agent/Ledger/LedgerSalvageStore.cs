using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>
/// Takes out of a damaged database every row that still proves itself: an entry whose hash is that of its bytes, which names this agent
/// and contradicts nothing that was signed, and a statement whose signature holds over its entry. Nothing is signed anew: a signature
/// says what was so then.
/// </summary>
sealed class LedgerSalvageStore(AgentIdentity identity)
{
    // Entries between two statements are never as large together, so that only a ledger nobody wrote is judged in parts.
    const int MostHeld = 8 * ChainEndStore.MostUnstated;

    // What a signature vouches for, by place.
    readonly Dictionary<(Guid Epoch, long Seq), string> _signed = [];
    readonly EnteredReceipts _receipts = new();
    readonly Dictionary<Guid, LedgerHead> _newest = [];
    readonly List<(Guid Epoch, long From, long To)> _holes = [];

    // Read and not judged yet: since the last signed entry.
    readonly List<(LedgerEntry Entry, byte[] Bytes, string Hash)> _held = [];
    long _heldBytes;
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
        return Loss(into, witness, fault);
    }

    LedgerLoss Loss(SqliteConnection into, LedgerHead? witness, string fault)
    {
        // What is known and not here ends the epoch it names; otherwise the newest entry does.
        var head = witness is { } known && known.Epoch != _last?.Epoch && !_newest.ContainsKey(known.Epoch)
            ? new LedgerHead(known.Epoch, 0, EntryCodec.NoPrevious)
            : _last ?? new LedgerHead(Guid.Empty, 0, EntryCodec.NoPrevious);
        // By its hash: an entry in the place of another is not the one that was there.
        var missing = witness is { } w && w.Epoch == head.Epoch && HashAt(into, w) != w.Hash ? witness : null;
        var lost = _holes.Where(hole => hole.Epoch == head.Epoch).Select(hole => (hole.From, hole.To)).ToList();
        if (missing is { } beyond)
            lost.Add((Math.Min(head.Seq + 1, beyond.Seq), beyond.Seq));
        lost.AddRange(Unsigned(into, head.Epoch));
        return new LedgerLoss(LedgerLoss.Damaged, head, missing, _entries, Joined(lost), fault);
    }

    void KeepWhatProvesItself(string damaged, SqliteConnection into)
    {
        using var from = DamagedFileStore.Open(damaged);
        if (from is null)
            return;
        from.Each("SELECT epoch, seq, jws FROM outbox", NoteSigned);
        from.Each("SELECT bytes, hash FROM entry", row => Hold(into, row));
        KeepUnsignedHeld(into);
        from.Each("SELECT epoch, seq, after, jws, state, attempts, failure, receipt FROM outbox", row => KeepStatement(into, row));
    }

    void NoteSigned(object?[] row)
    {
        if (row is [string epoch, long seq, string jws] && Signed(jws) is { } payload && Decoded(payload) is { } entry
            && entry.Agent == identity.Agent && entry.Epoch.ToString() == epoch && entry.Seq == seq)
            _signed[(entry.Epoch, entry.Seq)] = EntryCodec.Hash(payload);
    }

    void Hold(SqliteConnection into, object?[] row)
    {
        if (row is not [byte[] bytes, string hash] || EntryCodec.Hash(bytes) != hash || Decoded(bytes) is not { } entry || entry.Agent != identity.Agent)
            return;
        if (_held is [.., var before] && (before.Entry.Epoch != entry.Epoch || _heldBytes > MostHeld))
            KeepUnsignedHeld(into);

        var signed = _signed.GetValueOrDefault((entry.Epoch, entry.Seq));
        if (signed is null)
        {
            _held.Add((entry, bytes, hash));
            _heldBytes += bytes.Length;
        }
        else if (signed == hash)
            KeepHeldBefore(into, entry, bytes, hash);
    }

    // What was signed names the hash of the entry before it, and that one of the one before, down to the first hole. What stands in one of
    // these places with another hash was put there; what is further down is vouched for by nobody.
    void KeepHeldBefore(SqliteConnection into, LedgerEntry entry, byte[] bytes, string hash)
    {
        var vouched = _held.Count;
        var (seq, expected) = (entry.Seq - 1, entry.Previous);
        while (vouched > 0 && _held[vouched - 1] is var held && held.Entry.Seq == seq && held.Hash == expected)
            (vouched, seq, expected) = (vouched - 1, seq - 1, held.Entry.Previous);

        KeepUnsigned(into, _held.Take(vouched).Where(held => held.Entry.Seq < seq || (held.Entry.Seq == seq && held.Hash == expected)));
        foreach (var held in _held.Skip(vouched))
            Keep(into, held.Entry, held.Bytes, held.Hash);
        LetGo();
        Keep(into, entry, bytes, hash);
    }

    void KeepUnsignedHeld(SqliteConnection into)
    {
        KeepUnsigned(into, _held);
        LetGo();
    }

    // What does not follow from what was kept is on no chain, and neither is what follows that.
    void KeepUnsigned(SqliteConnection into, IEnumerable<(LedgerEntry Entry, byte[] Bytes, string Hash)> entries)
    {
        foreach (var held in entries)
            if (!Keep(into, held.Entry, held.Bytes, held.Hash))
                break;
    }

    void LetGo()
    {
        _held.Clear();
        _heldBytes = 0;
    }

    // Two neighbours that contradict each other never both go in: the next check would find that again, and so would every one after it.
    bool Keep(SqliteConnection into, LedgerEntry entry, byte[] bytes, string hash)
    {
        var newest = _newest.GetValueOrDefault(entry.Epoch, new LedgerHead(entry.Epoch, 0, EntryCodec.NoPrevious));
        var before = newest.Seq;
        if (entry.Seq <= before || (entry.Seq == before + 1 && entry.Previous != newest.Hash))
            return false;

        into.Run("INSERT INTO entry (epoch, seq, bytes, hash) VALUES ($epoch, $seq, $bytes, $hash)",
            ("$epoch", entry.Epoch.ToString()), ("$seq", entry.Seq), ("$bytes", bytes), ("$hash", hash));
        if (entry.Seq > before + 1)
            _holes.Add((entry.Epoch, before + 1, entry.Seq - 1));
        _last = _newest[entry.Epoch] = new LedgerHead(entry.Epoch, entry.Seq, hash);
        _entries++;
        _receipts.Add(entry);
        return true;
    }

    void KeepStatement(SqliteConnection into, object?[] row)
    {
        if (row is not [string epoch, long seq, long after, string jws, string state, long attempts, _, _] || attempts is < 0 or > int.MaxValue)
            return;
        var bytes = into.Value("SELECT bytes FROM entry WHERE epoch = $epoch AND seq = $seq", ("$epoch", epoch), ("$seq", seq)) as byte[];
        if (bytes is null || Signed(jws) is not { } payload || !payload.AsSpan().SequenceEqual(bytes) || AfterIn(bytes) != after)
            return;

        // What the ledger does not hold as an entry nobody receipted.
        var receipt = row[7] as string;
        if (state == "receipted" && (receipt is null || !_receipts.Contains(receipt)))
            (state, receipt) = ("pending", null);
        try
        {
            into.Run("INSERT INTO outbox (epoch, seq, after, jws, state, attempts, failure, receipt) VALUES ($epoch, $seq, $after, $jws, $state, $attempts, $failure, $receipt)",
                ("$epoch", epoch), ("$seq", seq), ("$after", after), ("$jws", jws), ("$state", state), ("$attempts", attempts),
                ("$failure", row[6] ?? DBNull.Value), ("$receipt", (object?)receipt ?? DBNull.Value));
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
        {
            // A state nobody could have written: the statement goes out again, and the audit server answers with what it gave before.
            into.Run("""
                INSERT INTO outbox (epoch, seq, after, jws) SELECT $epoch, $seq, $after, $jws
                WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE epoch = $epoch AND seq = $seq)
                """,
                ("$epoch", epoch), ("$seq", seq), ("$after", after), ("$jws", jws));
        }
    }

    // Entries that are here and cannot be shown to anybody: the statement that told of them is gone, or its signature.
    static List<(long From, long To)> Unsigned(SqliteConnection into, Guid epoch)
    {
        using var command = into.Command("""
            SELECT e.seq, e.bytes FROM entry e WHERE e.epoch = $epoch
            AND (instr(e.bytes, CAST('"type":"heartbeat"' AS BLOB)) > 0 OR instr(e.bytes, CAST('"type":"tick"' AS BLOB)) > 0)
            AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.epoch = e.epoch AND o.seq = e.seq)
            """, ("$epoch", epoch.ToString()));
        using var row = command.ExecuteReader();
        var unsigned = new List<(long, long)>();
        while (row.Read())
            if (AfterIn(row.GetFieldValue<byte[]>(1)) is { } after)
                unsigned.Add((after + 1, row.GetInt64(0)));
        return unsigned;
    }

    static List<(long From, long To)> Joined(List<(long From, long To)> ranges)
    {
        var joined = new List<(long From, long To)>();
        foreach (var range in ranges.Order())
            if (joined is [.., var last] && range.From <= last.To + 1)
                joined[^1] = (last.From, Math.Max(last.To, range.To));
            else
                joined.Add(range);
        return joined;
    }

    static string? HashAt(SqliteConnection into, LedgerHead place) =>
        into.Value("SELECT hash FROM entry WHERE epoch = $epoch AND seq = $seq", ("$epoch", place.Epoch.ToString()), ("$seq", place.Seq)) as string;

    // Only a statement has it.
    static long? AfterIn(byte[] bytes) => Decoded(bytes) is { Type: EntryTypes.Heartbeat or EntryTypes.Tick } entry
        && JsonElement.Parse(entry.Body.Span) is var body && body.TryGetProperty("after", out var after) && after.TryGetInt64(out var seq) && seq >= 0 && seq < entry.Seq
        ? seq
        : null;

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

    byte[]? Signed(string jws) => Jws.TypeOf(jws) is { } type and (StatementTypes.Tick or StatementTypes.Heartbeat)
        && Jws.Verify(jws, type, identity.PublicKeys.Find) is { Fault: null } check ? check.Payload.ToArray() : null;
}

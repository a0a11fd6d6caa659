using System.Data;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>
/// The only writer of the ledger. An entry is in the ledger when <see cref="Append"/> returns: synced to disk, linked to the one
/// before it. Two processes may hold it open; the database lets one write at a time and each write begins by reading the head,
/// so the chain never forks.
/// </summary>
sealed class LedgerStore : IDisposable
{
    const int TailEntries = 1000;

    readonly Lock _turn = new();
    readonly AgentIdentity _identity;
    readonly TimeProvider _time;

    // Used only under _turn.
    SqliteConnection _writer;

    LedgerStore(SqliteConnection writer, LedgerReadStore read, AgentIdentity identity, TimeProvider time) =>
        (_writer, Read, _identity, _time) = (writer, read, identity, time);

    /// <summary>The reading side; never waits for a writer.</summary>
    public LedgerReadStore Read { get; }

    /// <summary>Opens the ledger of a data directory, making it when there is none, and checks its newest entries.</summary>
    /// <exception cref="LedgerDamagedException">The file or its newest entries do not hold.</exception>
    /// <exception cref="LedgerRefusedException">It belongs to another agent or a newer version.</exception>
    /// <exception cref="LedgerWriteException">The disk is full or fails.</exception>
    public static LedgerStore Open(string directory, AgentIdentity identity, TimeProvider time)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, LedgerReadStore.FileName);
        SqliteConnection? writer = null;
        LedgerReadStore? read = null;
        try
        {
#pragma warning disable CA2000 // Both go over to the store; disposed of below when there will be none.
            writer = LedgerFileStore.OpenOrMake(path, identity.Agent);
            read = new LedgerReadStore(directory);
#pragma warning restore CA2000
            if (read.Agent is var owner && owner != identity.Agent)
                throw new LedgerRefusedException(path, $"this is the ledger of agent {owner}, not of {identity.Agent}");
            if (read.TailFault(TailEntries) is { } fault)
                throw new LedgerDamagedException(path, fault);

            return new LedgerStore(writer, read, identity, time);
        }
        catch (Exception e)
        {
            read?.Dispose();
            writer?.Dispose();
            if (e is SqliteException sqlite)
                throw sqlite.IsDamage() ? LedgerDamagedException.Unreadable(path, e) : new LedgerWriteException(path, e);

            throw;
        }
    }

    /// <summary>Appends one entry.</summary>
    /// <param name="type">What it tells.</param>
    /// <param name="body">A JSON object in UTF-8, on one line.</param>
    /// <returns>The new head.</returns>
    /// <exception cref="FormatException">The body is not a strict JSON object on one line, or too large.</exception>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public LedgerHead Append(string type, ReadOnlyMemory<byte> body) => Write(() =>
    {
        var (head, _) = Insert_NeedsTurn(type, body);
        return (head, head);
    });

    /// <summary>The first entry of every run of the agent.</summary>
    public LedgerHead AppendStart(string version, string executableSha256, string configurationSha256) =>
        Append("start", EntryBodies.Start(version, executableSha256, configurationSha256));

    /// <summary>The last entry of a run that ended in order.</summary>
    public LedgerHead AppendStop() => Append("stop", EntryBodies.Stop);

    /// <summary>Appends a heartbeat: entry, signature and its place in the outbox are there together or not at all.</summary>
    /// <returns>The new head.</returns>
    /// <exception cref="FormatException">The body is not a strict JSON object on one line, or too large.</exception>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public LedgerHead AppendHeartbeat(HeartbeatBody body)
    {
        while (true)
        {
            var after = Read.LastHeartbeat;
            var content = body(after);
            // Another heartbeat may have gone in while this body was made; its "after" would then be wrong, and it is made anew.
            if (Write(() => InsertHeartbeat_NeedsTurn(after, content)) is { } head)
                return head;
        }
    }

    /// <summary>Takes a verified receipt: frees the heartbeat and puts the receipt into the ledger, together.</summary>
    /// <returns>False when the heartbeat was receipted already; nothing is written then.</returns>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public bool Acknowledge(PendingHeartbeat heartbeat, string receipt) => Write<bool>(() =>
    {
        var freed = _writer.Run(
            "UPDATE outbox SET state = 'receipted', receipt = $receipt WHERE epoch = $epoch AND seq = $seq AND state <> 'receipted'",
            ("$receipt", receipt), ("$epoch", heartbeat.Epoch.ToString()), ("$seq", heartbeat.Seq));
        return freed == 1
            ? (true, Insert_NeedsTurn("receipt", EntryBodies.Receipt(receipt)).Head)
            : (false, null);
    });

    /// <summary>Takes a heartbeat that was refused for good out of the way of the others. It stays in the ledger, visibly.</summary>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public void SetAside(PendingHeartbeat heartbeat, string code) => Mark(heartbeat, "set_aside", code);

    /// <summary>Notes that a heartbeat could not be delivered this time.</summary>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public void NoteFailure(PendingHeartbeat heartbeat, string code) => Mark(heartbeat, "pending", code);

    public void Dispose()
    {
        lock (_turn)
        {
            Read.Dispose();
            _writer.Dispose();
        }
    }

    void Mark(PendingHeartbeat heartbeat, string state, string code) => Write<int>(() => (_writer.Run(
        "UPDATE outbox SET state = $state, failure = $code, attempts = attempts + 1 WHERE epoch = $epoch AND seq = $seq AND state = 'pending'",
        ("$state", state), ("$code", code), ("$epoch", heartbeat.Epoch.ToString()), ("$seq", heartbeat.Seq)), null));

    (LedgerHead? Result, LedgerHead? Head) InsertHeartbeat_NeedsTurn(long after, ReadOnlyMemory<byte> body)
    {
        if (Read.LastHeartbeat != after)
            return (null, null);

        var (head, bytes) = Insert_NeedsTurn(EntryTypes.Heartbeat, body);
        _writer.Run("INSERT INTO outbox (epoch, seq, after, jws) VALUES ($epoch, $seq, $after, $jws)",
            ("$epoch", head.Epoch.ToString()), ("$seq", head.Seq), ("$after", after),
            ("$jws", _identity.Key.Sign(bytes, StatementTypes.Heartbeat)));
        return (head, head);
    }

    (LedgerHead Head, byte[] Bytes) Insert_NeedsTurn(string type, ReadOnlyMemory<byte> body)
    {
        // An export has one entry a line, and nothing inside a JSON string is a bare line break.
        if (body.Span.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
            throw new FormatException("The body of a ledger entry stands on one line.");

        var (epoch, seq, hash) = LedgerReadStore.HeadOf(_writer);
        var bytes = EntryCodec.Encode(new LedgerEntry
        {
            Agent = _identity.Agent,
            Epoch = epoch,
            Seq = seq + 1,
            Time = _time.GetUtcNow(),
            Boot = BootId.Current,
            MonotonicMilliseconds = (long)_time.GetElapsedTime(0).TotalMilliseconds,
            Previous = hash,
            Type = type,
            Body = body,
        });
        var head = new LedgerHead(epoch, seq + 1, EntryCodec.Hash(bytes));
        _writer.Run("INSERT INTO entry (epoch, seq, bytes, hash) VALUES ($epoch, $seq, $bytes, $hash)",
            ("$epoch", epoch.ToString()), ("$seq", head.Seq), ("$bytes", bytes), ("$hash", head.Hash));
        return (head, bytes);
    }

    // Changes the ledger in one transaction. The change says what the newest entry will be, when it adds one.
    T Write<T>(Func<(T Result, LedgerHead? Head)> change)
    {
        lock (_turn)
        {
            try
            {
                if (_writer.State != ConnectionState.Open)
                    _writer = LedgerFileStore.Open(Read.File);

                // Takes the database's write lock at once, so that the head read inside is the head written after.
                using var transaction = _writer.BeginTransaction();
                var (result, head) = change();
                try
                {
                    transaction.Commit();
                }
                catch (SqliteException)
                {
                    // The disk reported an error; an entry that is in the ledger all the same counts.
                    if (!IsThereAfterAll_NeedsTurn(head))
                        throw;
                }

                return result;
            }
            catch (SqliteException e)
            {
                throw new LedgerWriteException(Read.File, e);
            }
        }
    }

    // A failed commit is neither done nor undone: its pages may have reached the log. With every handle closed the next opening
    // recovers the file as it would after a crash, and what is found then is the answer.
    bool IsThereAfterAll_NeedsTurn(LedgerHead? head)
    {
        Read.LetGo();
        _writer.Dispose();
        _writer = LedgerFileStore.Open(Read.File);
        return head is { } hoped && Read.HashAt(hoped.Epoch, hoped.Seq) == hoped.Hash;
    }
}

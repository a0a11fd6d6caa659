using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>
/// Adds entries at the end of the chain, within the caller's write transaction. Before the entry asked for comes what must not be
/// missing: a <c>clock-step</c> when the clock was set, a tick when what a statement would have to carry grew too large.
/// </summary>
sealed class ChainEndStore(AgentIdentity identity, TimeProvider time, string boot)
{
    /// <summary>
    /// The most bytes of entries between two statements, apart from a single larger entry: quotes are escaped in a request, so this and the
    /// largest heartbeat stay well within <see cref="HeartbeatRequest.MaxBytes"/>.
    /// </summary>
    public const int MostUnstated = 512 << 10;

    // What an entry adds to its body, generously.
    const int Envelope = 1024;

    // As it was after the last entry made here. Another process, or a rollback, makes it stale; the head shows that.
    ChainEnd _end;

    /// <summary>Adds an entry.</summary>
    /// <exception cref="FormatException">The body is not a strict JSON object on one line, or too large.</exception>
    public LedgerHead Append(SqliteConnection connection, string type, PlacedBody body)
    {
        var (end, reading) = Begin(connection);
        var content = body(end.Head.Epoch, end.Head.Seq + 1);
        if (Overflows(end, content.Length))
        {
            end = Tick(connection, end, reading);
            content = body(end.Head.Epoch, end.Head.Seq + 1);
        }

        return Insert(connection, end, reading, type, content).Head;
    }

    /// <summary>Adds a heartbeat whose body names the statement before it.</summary>
    /// <returns>Null when there is another statement before it by now: the body is to be made anew.</returns>
    /// <exception cref="FormatException">The body is not a strict JSON object on one line, or too large.</exception>
    public LedgerHead? AppendHeartbeat(SqliteConnection connection, long after, ReadOnlyMemory<byte> body)
    {
        var (end, reading) = Begin(connection);
        if (end.LastStatement != after)
            return null;
        if (Overflows(end, body.Length))
        {
            Tick(connection, end, reading);
            return null;
        }

        return State(connection, end, reading, EntryTypes.Heartbeat, StatementTypes.Heartbeat, body).Head;
    }

    /// <summary>Adds a tick.</summary>
    public LedgerHead AppendTick(SqliteConnection connection)
    {
        var (end, reading) = Begin(connection);
        return Tick(connection, end, reading).Head;
    }

    /// <summary>Adds the entry of a step of the clock, when there was one since the newest entry.</summary>
    public LedgerHead? AppendClockStep(SqliteConnection connection)
    {
        var before = EndOf(connection);
        var (end, _) = Begin(connection);
        return end.Head == before.Head ? null : end.Head;
    }

    /// <summary>Begins an epoch with its <c>gap</c>.</summary>
    public LedgerHead OpenEpoch(SqliteConnection connection, Guid epoch, ReadOnlyMemory<byte> gap)
    {
        var before = EndOf(connection).Reading;
        connection.Run("UPDATE meta SET epoch = $epoch", ("$epoch", epoch.ToString()));
        var reading = Now();
        var end = Insert(connection, new ChainEnd(new LedgerHead(epoch, 0, EntryCodec.NoPrevious), before, 0, 0), reading, EntryTypes.Gap, gap);
        return NoteStep(connection, end, before, reading).Head;
    }

    /// <summary>
    /// The clocks of the newest entry that was written neither because something was found at opening nor by a command beside the service;
    /// null when there is none.
    /// </summary>
    public static (ClockReading Reading, string Type)? LastOfRunBefore(SqliteConnection connection)
    {
        using var command = connection.Command("SELECT bytes FROM entry ORDER BY position DESC");
        using var row = command.ExecuteReader();
        while (row.Read())
            if (StoredEntry.Decode(row.GetFieldValue<byte[]>(0)) is { Type: not (EntryTypes.Gap or EntryTypes.ClockStep or EntryTypes.Enrol or EntryTypes.KeyRotate) } entry)
                return (ClockStep.ReadingOf(entry), entry.Type);
        return null;
    }

    (ChainEnd End, ClockReading Reading) Begin(SqliteConnection connection)
    {
        var end = EndOf(connection);
        // Read within the database's write lock, so that the monotonic clock never runs backwards from one entry to the next.
        var reading = Now();
        return (NoteStep(connection, end, end.Reading, reading), reading);
    }

    ChainEnd NoteStep(SqliteConnection connection, ChainEnd end, ClockReading? before, ClockReading now) =>
        before is { } last && ClockStep.Between(last, now) is { } step
            ? Insert(connection, end, now, EntryTypes.ClockStep, EntryBodies.ClockStep(step))
            : end;

    ChainEnd Tick(SqliteConnection connection, ChainEnd end, ClockReading reading) =>
        State(connection, end, reading, EntryTypes.Tick, StatementTypes.Tick, TickCodec.Encode(new Tick
        {
            After = end.LastStatement,
            Site = identity.Site,
            Receipt = OutboxStore.LastReceiptHash(connection),
            Pending = (long)connection.Value("SELECT count(*) FROM outbox WHERE state = 'pending'")!,
            SetAside = (long)connection.Value("SELECT count(*) FROM outbox WHERE state = 'set_aside'")!,
        }));

    ChainEnd State(SqliteConnection connection, ChainEnd end, ClockReading reading, string type, string statement, ReadOnlyMemory<byte> body)
    {
        var stated = Insert(connection, end, reading, type, body, out var bytes);
        OutboxStore.Add(connection, stated.Head, end.LastStatement, identity.Key.Sign(bytes, statement));
        return _end = stated with { LastStatement = stated.Head.Seq, Unstated = 0 };
    }

    ChainEnd Insert(SqliteConnection connection, ChainEnd end, ClockReading reading, string type, ReadOnlyMemory<byte> body) =>
        Insert(connection, end, reading, type, body, out _);

    ChainEnd Insert(SqliteConnection connection, ChainEnd end, ClockReading reading, string type, ReadOnlyMemory<byte> body, out byte[] bytes)
    {
        // An export has one entry a line, and nothing inside a JSON string is a bare line break.
        if (body.Span.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
            throw new FormatException("The body of a ledger entry stands on one line.");

        bytes = EntryCodec.Encode(new LedgerEntry
        {
            Agent = identity.Agent,
            Epoch = end.Head.Epoch,
            Seq = end.Head.Seq + 1,
            Time = reading.Wall,
            Boot = reading.Boot,
            MonotonicMilliseconds = reading.Monotonic,
            Previous = end.Head.Hash,
            Type = type,
            Body = body,
        });
        var head = new LedgerHead(end.Head.Epoch, end.Head.Seq + 1, EntryCodec.Hash(bytes));
        connection.Run("INSERT INTO entry (epoch, seq, bytes, hash) VALUES ($epoch, $seq, $bytes, $hash)",
            ("$epoch", head.Epoch.ToString()), ("$seq", head.Seq), ("$bytes", bytes), ("$hash", head.Hash));
        return _end = end with { Head = head, Reading = reading, Unstated = end.Unstated + bytes.Length };
    }

    ChainEnd EndOf(SqliteConnection connection)
    {
        var head = LedgerReadStore.HeadOf(connection);
        if (head == _end.Head)
            return _end;

        var newest = connection.Value("SELECT bytes FROM entry ORDER BY position DESC LIMIT 1") as byte[];
        var statement = OutboxStore.LastStatement(connection);
        return _end = new ChainEnd(
            head,
            newest is null ? null : ClockStep.ReadingOf(StoredEntry.Decode(newest)),
            statement,
            (long)connection.Value("SELECT coalesce(sum(length(bytes)), 0) FROM entry WHERE epoch = $epoch AND seq > $seq",
                ("$epoch", head.Epoch.ToString()), ("$seq", statement))!);
    }

    static bool Overflows(ChainEnd end, int body) => end.Unstated > 0 && end.Unstated + body + Envelope > MostUnstated;

    ClockReading Now()
    {
        var wall = time.GetUtcNow();
        return new ClockReading(wall.AddTicks(-(wall.UtcTicks % TimeSpan.TicksPerMillisecond)), boot, (long)time.GetElapsedTime(0).TotalMilliseconds);
    }
}

using System.Data;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>
/// The only writer of the ledger. An entry is in the ledger when <see cref="Append(string, ReadOnlyMemory{byte})"/> returns: synced to disk, linked to the one
/// before it. Two processes may hold it open; the database lets one write at a time and each write begins by reading the head,
/// so the chain never forks.
/// </summary>
sealed class LedgerStore : IDisposable
{
    // With less than a page or two left, an error of the disk is for want of room, whatever it is called.
    const long LeastRoom = 64 << 10;

    // A start sooner than this after an orderly stop is a restart, nothing to look at.
    static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    readonly Lock _turn = new();
    readonly AgentIdentity _identity;
    readonly TimeProvider _time;
    readonly LedgerFiles _files;
    readonly LedgerReserve _reserve;
    readonly ChainEndStore _chain;
    readonly LedgerOpeningStore _opening;

    // Used only under _turn.
    readonly UnwrittenStore _unwritten;
    SqliteConnection _writer;

    // A change of key whose entry may or may not be there. Nothing is signed before that is known.
    bool _rotationInDoubt;

    LedgerStore(string directory, AgentIdentity identity, TimeProvider time, string boot, bool mend)
    {
        (_identity, _time) = (identity, time);
        _files = new LedgerFiles(directory);
        _reserve = new LedgerReserve(_files.Reserve);
        _chain = new ChainEndStore(identity, time, boot);
        _unwritten = new UnwrittenStore(time);
        _opening = new LedgerOpeningStore(directory, identity, _chain, time);
        (_writer, Read) = _opening.Open(mend);
        if (identity.HasUnsettledRotation)
            identity.SettleRotation(Read.NewestKeyRotation);
        _reserve.Renew();
    }

    /// <summary>The reading side; never waits for a writer.</summary>
    public LedgerReadStore Read { get; }

    /// <summary>What was found wrong with the ledger and nobody has acknowledged yet, one sentence: the agent is not ready. Null when all is well.</summary>
    public string? Damage => _files.Damage;

    /// <summary>
    /// Opens the ledger of a data directory, making it when there is none, and checks its newest entries. A ledger that does not hold is
    /// put into quarantine and goes on in a new epoch with everything that is left of it, see <see cref="Damage"/>.
    /// </summary>
    /// <param name="boot">The run of the machine that <paramref name="time"/> counts in; this one when null.</param>
    /// <param name="mend">False for a command beside a service that runs: a ledger that does not hold is then left to the service.</param>
    /// <exception cref="LedgerRefusedException">It belongs to another agent or a newer version.</exception>
    /// <exception cref="LedgerDamagedException">It does not hold, and could or may not be mended. The next opening looks at all of it.</exception>
    /// <exception cref="LedgerWriteException">The disk is full or fails.</exception>
    public static LedgerStore Open(string directory, AgentIdentity identity, TimeProvider time, string? boot = null, bool mend = true)
    {
        Directory.CreateDirectory(directory);
        try
        {
            return new LedgerStore(directory, identity, time, boot ?? BootId.Current, mend);
        }
        catch (LedgerDamagedException e)
        {
            new LedgerFiles(directory).MarkSuspect(e.Fault);
            throw;
        }
        catch (IOException e)
        {
            throw new LedgerWriteException(Path.Combine(directory, LedgerReadStore.FileName), e);
        }
        catch (SqliteException e)
        {
            throw new LedgerWriteException(Path.Combine(directory, LedgerReadStore.FileName), e, e.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL);
        }
    }

    /// <summary>Appends one entry.</summary>
    /// <param name="type">What it tells.</param>
    /// <param name="body">A JSON object in UTF-8, on one line.</param>
    /// <returns>The new head.</returns>
    /// <exception cref="FormatException">The body is not a strict JSON object on one line, or too large.</exception>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public LedgerHead Append(string type, ReadOnlyMemory<byte> body) => Append(type, (_, _) => body);

    /// <summary>Appends one entry that names its own place.</summary>
    /// <inheritdoc cref="Append(string, ReadOnlyMemory{byte})"/>
    public LedgerHead Append(string type, PlacedBody body) => Write(
        () =>
        {
            var head = _chain.Append(_writer, type, body);
            return (head, head);
        },
        () => _unwritten.Add(type));

    /// <summary>
    /// The first entries of every run of the agent: that it began, and in the same commit what happened while it did not run and which
    /// settings are others than at the last start. When the disk is full they are written as soon as there is room, in front of anything else.
    /// </summary>
    /// <param name="settings">The configuration as fingerprints by key; not compared when null.</param>
    /// <exception cref="LedgerWriteException">They could not be written, or not yet.</exception>
    public LedgerHead AppendStart(string version, string executableSha256, string configurationSha256, IReadOnlyDictionary<string, string>? settings = null)
    {
        var began = _time.GetUtcNow();
        return Write(
            () =>
            {
                var head = Start(_writer);
                return (head, head);
            },
            () => _unwritten.AddStart(Start));

        LedgerHead Start(SqliteConnection writer) => AppendStart(writer, EntryBodies.Start(version, executableSha256, configurationSha256), began, settings);
    }

    /// <summary>The last entry of a run that ended in order.</summary>
    public LedgerHead AppendStop() => Append(EntryTypes.Stop, EntryBodies.Stop);

    /// <summary>
    /// Changes the signing key: the entry holds the old key's word for the new one, and nothing is signed between the two. What a crash
    /// leaves of it is settled when the ledger is opened.
    /// </summary>
    /// <returns>The new head.</returns>
    /// <exception cref="KeyFileException">The key cannot be changed.</exception>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public LedgerHead AppendKeyRotation()
    {
        lock (_turn)
        {
            if (_identity.HasUnsettledRotation)
                _identity.SettleRotation(Read.NewestKeyRotation);
            _rotationInDoubt = false;
            _identity.BeginRotation();
            try
            {
                var head = Append(EntryTypes.KeyRotate, (epoch, seq) => KeyRotationCodec.EncodeBody(_identity.SignRotation(epoch, seq)));
                _identity.CompleteRotation(Read.NewestKeyRotation!);
                return head;
            }
            catch (Exception e) when (e is LedgerWriteException or SqliteException)
            {
                _rotationInDoubt = true;
                throw;
            }
        }
    }

    /// <summary>Whether the key the agent has now signed a statement. Where it did not, no enrolment can make the statement believed again.</summary>
    public bool IsSignedWithCurrentKey(PendingStatement statement) => Jws.TypeOf(statement.Jws) is { } type
        && Jws.Verify(statement.Jws, type, kid => kid == _identity.Key.Public.Thumbprint ? _identity.Key.Public : null).Fault is null;

    /// <summary>Appends a heartbeat: entry, signature and its place in the outbox are there together or not at all.</summary>
    /// <returns>The new head.</returns>
    /// <exception cref="FormatException">The body is not a strict JSON object on one line, or too large.</exception>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public LedgerHead AppendHeartbeat(HeartbeatBody body)
    {
        while (true)
        {
            var after = LastStatement();
            var content = body(after);
            // Another statement may have gone in while this body was made; its "after" would then be wrong, and it is made anew.
            if (Write(() => Hoped(_chain.AppendHeartbeat(_writer, after, content)), () => _unwritten.Add(EntryTypes.Heartbeat)) is { } head)
                return head;
        }
    }

    /// <summary>Appends a tick: that this agent lives, signed and queued like a heartbeat.</summary>
    /// <returns>The new head.</returns>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public LedgerHead AppendTick() => Write(
        () =>
        {
            var head = _chain.AppendTick(_writer);
            return (head, head);
        },
        () => _unwritten.Add(EntryTypes.Tick));

    /// <summary>Goes on in a new epoch because this ledger is an older copy: a verified receipt is for an entry that is not here.</summary>
    /// <param name="known">The entry the audit server vouches for.</param>
    /// <returns>The new head, its <c>gap</c>.</returns>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public LedgerHead OpenEpoch(LedgerHead known)
    {
        lock (_turn)
        {
            try
            {
                if (Read.HashAt(known.Epoch, known.Seq) == known.Hash)
                    return Read.Head;
                return _opening.OpenEpoch(_writer, known, "The audit server holds a statement of this epoch that is not in the ledger.");
            }
            catch (SqliteException e)
            {
                throw Unwritten_NeedsTurn(e);
            }
        }
    }

    /// <summary>Lets the next opening look at everything: something was met that a whole ledger would not show.</summary>
    public void Suspect(string why) => _files.MarkSuspect(why);

    /// <summary>Looks at the clock, and appends its step when it was set since the newest entry.</summary>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public void NoteClock() => Write<bool>(() => (true, _chain.AppendClockStep(_writer)));

    /// <summary>Takes a verified receipt: frees the statement and puts the receipt into the ledger, together.</summary>
    /// <returns>False when the statement was receipted already; nothing is written then.</returns>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public bool Acknowledge(PendingStatement statement, string receipt) => Write<bool>(() => OutboxStore.Receipt(_writer, statement, receipt)
        ? (true, _chain.Append(_writer, EntryTypes.Receipt, (_, _) => EntryBodies.Receipt(receipt)))
        : (false, null));

    /// <summary>Takes a statement that was refused for good out of the way of the others. It stays in the ledger, visibly.</summary>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public void SetAside(PendingStatement statement, string code) => Mark(statement, "set_aside", code);

    /// <summary>Notes that a statement could not be delivered this time.</summary>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public void NoteFailure(PendingStatement statement, string code) => Mark(statement, "pending", code);

    public void Dispose()
    {
        lock (_turn)
        {
            Read.Dispose();
            _writer.Dispose();
        }
    }

    LedgerHead AppendStart(SqliteConnection writer, ReadOnlyMemory<byte> start, DateTimeOffset began, IReadOnlyDictionary<string, string>? settings)
    {
        var before = ChainEndStore.LastOfRunBefore(writer);
        var head = Add(EntryTypes.Start, start);
        if (before is { } last)
        {
            var orderly = last.Type == EntryTypes.Stop;
            if (!orderly || began - last.Reading.Wall > LongestSilence)
                head = Add(EntryTypes.Finding, EntryBodies.AgentDown(last.Reading.Wall, began > last.Reading.Wall ? began : last.Reading.Wall, orderly));
        }

        if (settings is not null && SettingStore.Replace(writer, settings) is [_, ..] changed)
            head = Add(EntryTypes.ConfigChange, EntryBodies.ConfigChange(changed));
        return head;

        LedgerHead Add(string type, ReadOnlyMemory<byte> body) => _chain.Append(writer, type, (_, _) => body);
    }

    // Reading a database whose disk fails or is full is part of writing to it: whoever asked is told the same.
    long LastStatement()
    {
        try
        {
            return Read.LastStatement;
        }
        catch (SqliteException e)
        {
            lock (_turn)
                throw Unwritten_NeedsTurn(e);
        }
    }

    static (LedgerHead? Result, LedgerHead? Head) Hoped(LedgerHead? head) => (head, head);

    void Mark(PendingStatement statement, string state, string code) => Write<bool>(() =>
    {
        OutboxStore.Mark(_writer, statement, state, code);
        return (true, null);
    });

    // Changes the ledger in one transaction. The change says what the newest entry will be, when it adds one; without room for it the loss is
    // noted, where there is one: a receipt that is not kept is given again.
    T Write<T>(Func<(T Result, LedgerHead? Head)> change, Action? noteLoss = null)
    {
        lock (_turn)
        {
            try
            {
                if (_writer.State != ConnectionState.Open)
                    _writer = LedgerFileStore.Reopen(Read.File);
                SettleRotation_NeedsTurn();

                // Takes the database's write lock at once, so that the head read inside is the head written after.
                using var transaction = _writer.BeginTransaction();
                LedgerHead? told = _unwritten.Any ? _unwritten.Write(_writer, _chain) : null;
                var (result, added) = change();
                var head = added ?? told;
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

                // The log of a database ends at the first record that does not hold, as if nothing had come after it. Only this tells.
                if (head is { } written)
                    LedgerWitness.Write(_files.Witness, written);
                if (told is not null)
                    _unwritten.Clear();
                _reserve.Renew();
                return result;
            }
            catch (SqliteException e)
            {
                var failure = Unwritten_NeedsTurn(e);
                if (failure.Full)
                    noteLoss?.Invoke();
                throw failure;
            }
        }
    }

    void SettleRotation_NeedsTurn()
    {
        if (!_rotationInDoubt)
            return;
        _identity.SettleRotation(Read.NewestKeyRotation);
        _rotationInDoubt = false;
    }

    LedgerWriteException Unwritten_NeedsTurn(SqliteException e)
    {
        if (e.IsDamage())
            _files.MarkSuspect(e.Message);
        var full = e.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL || (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_IOERR && _reserve.Free < LeastRoom);
        if (full && _reserve.GiveUp())
            NoteFull_NeedsTurn();
        return new LedgerWriteException(Read.File, e, full);
    }

    // Once for each time the disk filled up: what is left of the reserve then belongs to the log and its checkpoints.
    void NoteFull_NeedsTurn()
    {
        try
        {
            if (_writer.State != ConnectionState.Open)
                _writer = LedgerFileStore.Reopen(Read.File);
            using var transaction = _writer.BeginTransaction();
            _chain.Append(_writer, EntryTypes.Finding, (_, _) => EntryBodies.LedgerFull);
            transaction.Commit();
        }
        catch (SqliteException)
        {
            // Then it is only in the log: whoever took the reserve's room was faster.
        }
    }

    // A failed commit is neither done nor undone: its pages may have reached the log. With every handle closed the next opening
    // recovers the file as it would after a crash, and what is found then, and can be written out, is the answer.
    bool IsThereAfterAll_NeedsTurn(LedgerHead? head)
    {
        Read.LetGo();
        _writer.Dispose();
        _writer = LedgerFileStore.Reopen(Read.File);
        return head is { } hoped && Read.HashAt(hoped.Epoch, hoped.Seq) == hoped.Hash;
    }
}

using Agent.Keys;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>
/// Opens the database, whatever became of it. What does not hold is kept aside for a person, what is left of it is taken over, and the
/// ledger goes on in a new epoch that says so: an agent that cannot start sees nothing at all.
/// </summary>
sealed class LedgerOpeningStore(string directory, AgentIdentity identity, ChainEndStore chain, TimeProvider time)
{
    const int TailEntries = 1000;
    const int LongestFault = 300;
    const string OlderCopy = "The ledger is an older copy of itself: it does not hold what it held before.";

    readonly LedgerFiles _files = new(directory);

    /// <param name="mend">Whether one that does not hold may be replaced: only by whoever has the data directory to themselves.</param>
    /// <exception cref="LedgerRefusedException">It belongs to another agent or a newer version.</exception>
    /// <exception cref="LedgerDamagedException">It does not hold, and may not be replaced.</exception>
    public (SqliteConnection Writer, LedgerReadStore Read) Open(bool mend)
    {
        if (mend)
            _files.FinishReplacement();
        try
        {
            return OpenSound(mend);
        }
        catch (LedgerDamagedException damage) when (mend)
        {
            Rebuild(damage.Fault);
            return OpenSound(mend);
        }
    }

    (SqliteConnection Writer, LedgerReadStore Read) OpenSound(bool mend)
    {
        var witness = LedgerWitness.Read(_files.Witness);
        if (witness is not null && !File.Exists(_files.Database))
            throw new LedgerDamagedException(_files.Database, "The ledger was there before, and its file is gone.");

        SqliteConnection? writer = null;
        LedgerReadStore? read = null;
        try
        {
            writer = LedgerFileStore.OpenOrMake(_files.Database, identity.Agent);
            read = new LedgerReadStore(directory);
            RefuseStranger(read);
            if ((LedgerSchemaStore.TableFault(writer) ?? FaultOf(read)) is { } fault)
                throw new LedgerDamagedException(_files.Database, fault);
            if (witness is { } known && IsOlderThan(known, writer))
            {
                // An entry more would make the copy's head the one that is remembered.
                if (!mend)
                    throw new LedgerDamagedException(_files.Database, OlderCopy);
                OpenEpoch(writer, known, OlderCopy);
            }

            if (mend)
                File.Delete(_files.Suspect);
            return (writer, read);
        }
        catch (Exception e)
        {
            read?.Dispose();
            writer?.Dispose();
            if (e.ShowsDamage())
                throw LedgerDamagedException.Unreadable(_files.Database, e);
            throw;
        }
    }

    /// <summary>Ends the epoch because somebody vouches for an entry of it that is not here.</summary>
    public LedgerHead OpenEpoch(SqliteConnection writer, LedgerHead known, string fault)
    {
        using var transaction = writer.BeginTransaction();
        var head = LedgerReadStore.HeadOf(writer);
        var entries = (long)writer.Value("SELECT count(*) FROM entry")!;
        (long, long)[] lost = known.Epoch == head.Epoch && known.Seq > head.Seq ? [(head.Seq + 1, known.Seq)] : [];
        var next = chain.OpenEpoch(writer, Guid.NewGuid(), EntryBodies.Gap(new LedgerLoss(LedgerLoss.RolledBack, head, known.Epoch == head.Epoch ? known : null, entries, lost, fault)));
        transaction.Commit();
        _files.OpenQuarantine(time.GetUtcNow(), fault);
        LedgerWitness.Write(_files.Witness, next);
        return next;
    }

    void Rebuild(string fault)
    {
        var said = fault.ReplaceLineEndings(" ");
        said = said.Length > LongestFault ? said[..LongestFault] : said;
        LedgerHead head;
        try
        {
            _files.DeleteUnfinished();
            head = RebuildFrom(_files.Copy(), said);
            _files.KeepCopy(time.GetUtcNow(), said);
            _files.Replace();
        }
        finally
        {
            _files.DeleteUnfinished();
        }

        LedgerWitness.Write(_files.Witness, head);
        File.Delete(_files.Suspect);
    }

    LedgerHead RebuildFrom(string copy, string fault)
    {
        using var into = LedgerFileStore.OpenOrMake(_files.Rebuilding, identity.Agent);
        LedgerHead head;
        using (var transaction = into.BeginTransaction())
        {
            var loss = new LedgerSalvageStore(identity).Salvage(copy, into, LedgerWitness.Read(_files.Witness), fault);
            head = chain.OpenEpoch(into, Guid.NewGuid(), EntryBodies.Gap(loss));
            transaction.Commit();
        }

        // Out of the log and into the one file that will be moved.
        into.Run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
        return head;
    }

    void RefuseStranger(LedgerReadStore read)
    {
        if (read.Agent is not { } owner || owner == identity.Agent)
            return;
        // The entries know better than the one row that says whose they are.
        throw read.NewestAgent == identity.Agent
            ? new LedgerDamagedException(_files.Database, "The database says that it is another agent's, and its entries that it is not.")
            : new LedgerRefusedException(_files.Database, $"this is the ledger of agent {owner}, not of {identity.Agent}");
    }

    string? FaultOf(LedgerReadStore read)
    {
        if (!File.Exists(_files.Suspect))
            return read.TailFault(TailEntries);
        // A change of key that a crash cut off would look like a fault.
        if (identity.HasUnsettledRotation)
            identity.SettleRotation(read.NewestKeyRotation);
        return read.Check(identity.Key.Public, identity.PublicKeys).Fault;
    }

    // An epoch that is not there at all is one that was opened after the copy was made.
    static bool IsOlderThan(LedgerHead known, SqliteConnection writer) =>
        writer.Value("SELECT hash FROM entry WHERE epoch = $epoch AND seq = $seq", ("$epoch", known.Epoch.ToString()), ("$seq", known.Seq)) as string != known.Hash;
}

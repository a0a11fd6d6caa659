using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Agent.Ledger;
using Microsoft.Data.Sqlite;

namespace Agent.Tests.Ledger;

/// <summary>A ledger as the first version left it on disk: its schema is frozen here, whatever the code says by now.</summary>
static class LedgerVersion1
{
    const string Schema = """
        -- Whose ledger this is; written once, when the file is made.
        CREATE TABLE meta (
            id    INTEGER PRIMARY KEY CHECK (id = 1),
            agent TEXT NOT NULL,  -- the agent's name, as in every entry
            epoch TEXT NOT NULL   -- UUID, lower case with dashes: the life of this database
        ) STRICT;

        -- The chain. Rows are never changed and never leave.
        CREATE TABLE entry (
            position INTEGER PRIMARY KEY,                  -- order of writing, over all epochs
            epoch    TEXT NOT NULL,                        -- UUID as in the bytes
            seq      INTEGER NOT NULL CHECK (seq >= 1),    -- 1, 2, 3, ... within the epoch, without a hole
            bytes    BLOB NOT NULL,                        -- the entry's exact UTF-8 bytes, as they were hashed
            hash     TEXT NOT NULL CHECK (length(hash) = 64), -- SHA-256 of bytes, lower-case hex: the next entry's prev
            UNIQUE (epoch, seq)
        ) STRICT;

        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: an entry is never changed'); END;

        CREATE TRIGGER entry_never_leaves BEFORE DELETE ON entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: an entry never leaves'); END;

        -- Also closes INSERT OR REPLACE, which would delete without asking the trigger above.
        CREATE TRIGGER entry_comes_next BEFORE INSERT ON entry
        WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entry WHERE epoch = NEW.epoch)
          OR EXISTS (SELECT 1 FROM entry WHERE position = NEW.position)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: an entry comes after the newest'); END;

        CREATE TRIGGER meta_is_never_changed BEFORE UPDATE ON meta
        BEGIN SELECT RAISE(ABORT, 'a ledger stays with its agent'); END;

        CREATE TRIGGER meta_never_leaves BEFORE DELETE ON meta
        BEGIN SELECT RAISE(ABORT, 'a ledger stays with its agent'); END;

        -- One row for each heartbeat: what became of it. Rows never leave; pending ones are the outbox.
        CREATE TABLE outbox (
            position INTEGER PRIMARY KEY,                  -- order of sending
            epoch    TEXT NOT NULL,
            seq      INTEGER NOT NULL,                     -- of the heartbeat's entry
            after    INTEGER NOT NULL CHECK (after >= 0 AND after < seq), -- seq of the heartbeat before it in the epoch, 0 for none
            jws      TEXT NOT NULL,                        -- compact JWS over the entry's exact bytes; signed once, sent as often as needed
            state    TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'set_aside', 'receipted')),
            attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0), -- drains that ended without a receipt
            failure  TEXT,                                 -- code of the last of them
            receipt  TEXT,                                 -- the audit server's JWS, exact; there if and only if receipted
            UNIQUE (epoch, seq),
            FOREIGN KEY (epoch, seq) REFERENCES entry (epoch, seq),
            CHECK ((state = 'receipted') = (receipt IS NOT NULL)),
            CHECK (state <> 'set_aside' OR failure IS NOT NULL)
        ) STRICT;

        CREATE INDEX outbox_pending ON outbox (position) WHERE state = 'pending';

        CREATE TRIGGER outbox_statement_is_never_changed BEFORE UPDATE OF position, epoch, seq, after, jws ON outbox
        BEGIN SELECT RAISE(ABORT, 'a signed heartbeat is never changed'); END;

        CREATE TRIGGER outbox_receipted_is_final BEFORE UPDATE ON outbox WHEN OLD.state = 'receipted'
        BEGIN SELECT RAISE(ABORT, 'a receipted heartbeat stays receipted'); END;

        CREATE TRIGGER outbox_never_leaves BEFORE DELETE ON outbox
        BEGIN SELECT RAISE(ABORT, 'a heartbeat never leaves the ledger'); END;

        CREATE TRIGGER outbox_comes_once BEFORE INSERT ON outbox
        WHEN EXISTS (SELECT 1 FROM outbox WHERE position = NEW.position OR (epoch = NEW.epoch AND seq = NEW.seq))
        BEGIN SELECT RAISE(ABORT, 'a heartbeat is signed once'); END;
        """;

    /// <summary>Makes one with two heartbeats, the first of them receipted.</summary>
    public static void Make(string directory, AgentIdentity identity, DateTimeOffset at)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, LedgerReadStore.FileName)};Pooling=False");
        connection.Open();
        connection.Run(Schema);
        var epoch = Guid.NewGuid();
        connection.Run("INSERT INTO meta (id, agent, epoch) VALUES (1, $agent, $epoch)", ("$agent", identity.Agent), ("$epoch", epoch.ToString()));
        var previous = EntryCodec.NoPrevious;
        for (var seq = 1; seq <= 4; seq++)
        {
            var heartbeat = seq % 2 == 0;
            var bytes = EntryCodec.Encode(new LedgerEntry
            {
                Agent = identity.Agent,
                Epoch = epoch,
                Seq = seq,
                Time = at,
                Boot = "an-old-boot",
                MonotonicMilliseconds = seq,
                Previous = previous,
                Type = heartbeat ? EntryTypes.Heartbeat : "note",
                Body = Encoding.UTF8.GetBytes(heartbeat ? $$"""{"after":{{seq - 2}}}""" : "{}"),
            });
            previous = EntryCodec.Hash(bytes);
            connection.Run("INSERT INTO entry (epoch, seq, bytes, hash) VALUES ($epoch, $seq, $bytes, $hash)",
                ("$epoch", epoch.ToString()), ("$seq", seq), ("$bytes", bytes), ("$hash", previous));
            if (heartbeat)
                connection.Run("INSERT INTO outbox (epoch, seq, after, jws) VALUES ($epoch, $seq, $after, $jws)",
                    ("$epoch", epoch.ToString()), ("$seq", seq), ("$after", seq - 2), ("$jws", identity.Key.Sign(bytes, StatementTypes.Heartbeat)));
        }

        connection.Run("UPDATE outbox SET state = 'receipted', receipt = 'a.b.c' WHERE seq = 2");
        connection.Run("PRAGMA user_version = 1");
    }
}

namespace Agent.Ledger;

/// <summary>The tables of <c>ledger.db</c>. Whoever changes them raises <see cref="Version"/> and writes the step from the last one.</summary>
static class LedgerSchema
{
    /// <summary>Kept in the database's <c>user_version</c>.</summary>
    public const int Version = 1;

    // The triggers stop mistakes, not an administrator, who can drop them. What shows an administrator's hand is the chain.
    public const string Create = """
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
}

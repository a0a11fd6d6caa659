namespace Agent.Ledger;

/// <summary>The tables of <c>ledger.db</c>. Whoever changes them raises <see cref="Version"/> and writes the step from the last one.</summary>
static class LedgerSchema
{
    /// <summary>Kept in the database's <c>user_version</c>.</summary>
    public const int Version = 2;

    // The triggers stop mistakes, not an administrator, who can drop them. What shows an administrator's hand is the chain.
    const string Tables = """
        -- Whose ledger this is, and the epoch it writes in.
        CREATE TABLE meta (
            id    INTEGER PRIMARY KEY CHECK (id = 1),
            agent TEXT NOT NULL,  -- the agent's name, as in every entry
            epoch TEXT NOT NULL   -- UUID, lower case with dashes: the life of this database
        ) STRICT;

        -- The chain. Rows are never changed and never leave.
        CREATE TABLE entry (
            position INTEGER PRIMARY KEY,                  -- order of writing, over all epochs
            epoch    TEXT NOT NULL,                        -- UUID as in the bytes
            seq      INTEGER NOT NULL CHECK (seq >= 1),    -- 1, 2, 3, ... within the epoch; holes only where an epoch that ended lost entries
            bytes    BLOB NOT NULL,                        -- the entry's exact UTF-8 bytes, as they were hashed
            hash     TEXT NOT NULL CHECK (length(hash) = 64), -- SHA-256 of bytes, lower-case hex: the next entry's prev
            UNIQUE (epoch, seq)
        ) STRICT;

        -- One row for each statement (heartbeat or tick): what became of it. Rows never leave; pending ones are the outbox.
        CREATE TABLE outbox (
            position INTEGER PRIMARY KEY,                  -- order of sending
            epoch    TEXT NOT NULL,
            seq      INTEGER NOT NULL,                     -- of the statement's entry
            after    INTEGER NOT NULL CHECK (after >= 0 AND after < seq), -- seq of the statement before it in the epoch, 0 for none
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
        """;

    const string SinceVersion2 = """
        -- The configuration of the last start: key names, and what only this agent can compare.
        CREATE TABLE setting (
            key TEXT PRIMARY KEY,      -- as written in the file, list indexes included
            fingerprint TEXT NOT NULL  -- HMAC of the value, hex
        ) STRICT;

        CREATE INDEX outbox_set_aside ON outbox (position) WHERE state = 'set_aside';
        CREATE INDEX outbox_receipted ON outbox (position) WHERE state = 'receipted';

        -- Every round asks for the clock's steps. What the index finds is decoded before it is believed.
        CREATE INDEX entry_clock_step ON entry (position) WHERE instr(bytes, CAST('"type":"clock-step"' AS BLOB)) > 0;
        """;

    const string Triggers = """
        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: an entry is never changed'); END;

        CREATE TRIGGER entry_never_leaves BEFORE DELETE ON entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: an entry never leaves'); END;

        -- Also closes INSERT OR REPLACE, which would delete without asking the trigger above. Only an epoch that is over may have holes.
        CREATE TRIGGER entry_comes_next BEFORE INSERT ON entry
        WHEN NEW.seq <= (SELECT coalesce(max(seq), 0) FROM entry WHERE epoch = NEW.epoch)
          OR (NEW.epoch = (SELECT epoch FROM meta) AND NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entry WHERE epoch = NEW.epoch))
          OR EXISTS (SELECT 1 FROM entry WHERE position = NEW.position)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: an entry comes after the newest'); END;

        CREATE TRIGGER meta_agent_is_never_changed BEFORE UPDATE OF id, agent ON meta
        BEGIN SELECT RAISE(ABORT, 'a ledger stays with its agent'); END;

        CREATE TRIGGER meta_epoch_is_always_new BEFORE UPDATE OF epoch ON meta
        WHEN EXISTS (SELECT 1 FROM entry WHERE epoch = NEW.epoch)
        BEGIN SELECT RAISE(ABORT, 'an epoch that is over is not taken up again'); END;

        CREATE TRIGGER meta_never_leaves BEFORE DELETE ON meta
        BEGIN SELECT RAISE(ABORT, 'a ledger stays with its agent'); END;

        CREATE TRIGGER outbox_statement_is_never_changed BEFORE UPDATE OF position, epoch, seq, after, jws ON outbox
        BEGIN SELECT RAISE(ABORT, 'a signed statement is never changed'); END;

        CREATE TRIGGER outbox_receipted_is_final BEFORE UPDATE ON outbox WHEN OLD.state = 'receipted'
        BEGIN SELECT RAISE(ABORT, 'a receipted statement stays receipted'); END;

        CREATE TRIGGER outbox_never_leaves BEFORE DELETE ON outbox
        BEGIN SELECT RAISE(ABORT, 'a statement never leaves the ledger'); END;

        CREATE TRIGGER outbox_comes_once BEFORE INSERT ON outbox
        WHEN EXISTS (SELECT 1 FROM outbox WHERE position = NEW.position OR (epoch = NEW.epoch AND seq = NEW.seq))
        BEGIN SELECT RAISE(ABORT, 'a statement is signed once'); END;
        """;

    /// <summary>Makes everything in an empty file.</summary>
    public const string Create = Tables + SinceVersion2 + Triggers;

    /// <summary>The step from version 1, which knew one epoch and heartbeats only.</summary>
    public const string From1 = """
        DROP TRIGGER entry_is_never_changed; DROP TRIGGER entry_never_leaves; DROP TRIGGER entry_comes_next;
        DROP TRIGGER meta_is_never_changed; DROP TRIGGER meta_never_leaves;
        DROP TRIGGER outbox_statement_is_never_changed; DROP TRIGGER outbox_receipted_is_final;
        DROP TRIGGER outbox_never_leaves; DROP TRIGGER outbox_comes_once;
        """ + SinceVersion2 + Triggers;
}

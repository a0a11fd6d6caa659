namespace AuditServer.Intake;

static class EvidenceSchema
{
    /// <summary>The value of <c>user_version</c>; a database with another one is not touched.</summary>
    public const int Version = 1;

    /// <summary>Times are RFC 3339 UTC with milliseconds; hashes are lower-case hex SHA-256. Evidence is never changed or removed.</summary>
    public const string Sql =
        """
        -- One ledger of one agent. The id orders them by when each was first heard of.
        CREATE TABLE chains (
            id       INTEGER PRIMARY KEY,
            agent    TEXT NOT NULL,
            epoch    TEXT NOT NULL,
            head_seq INTEGER NOT NULL,               -- the highest heartbeat accepted; the one column that moves
            UNIQUE (agent, epoch)
        ) STRICT;

        -- Every ledger entry delivered, heartbeats and those between them, byte for byte.
        CREATE TABLE entries (
            chain INTEGER NOT NULL REFERENCES chains (id),
            seq   INTEGER NOT NULL CHECK (seq >= 1),
            hash  TEXT NOT NULL CHECK (length(hash) = 64),
            prev  TEXT NOT NULL CHECK (length(prev) = 64),  -- as in the bytes; the hash of seq - 1 even when that one is missing
            bytes BLOB NOT NULL,
            PRIMARY KEY (chain, seq)
        ) STRICT;

        -- What was signed and what was answered. A row exists if and only if a receipt was given.
        CREATE TABLE heartbeats (
            chain    INTEGER NOT NULL,
            seq      INTEGER NOT NULL,
            site     TEXT NOT NULL,                  -- as pinned when it was received
            received TEXT NOT NULL,
            jws      TEXT NOT NULL,
            receipt  TEXT NOT NULL,
            PRIMARY KEY (chain, seq),
            FOREIGN KEY (chain, seq) REFERENCES entries (chain, seq)
        ) STRICT;

        -- What a person should look at. A conflicting heartbeat that was refused is kept here: it is signed, so it proves itself.
        CREATE TABLE findings (
            id       INTEGER PRIMARY KEY,
            site     TEXT NOT NULL,
            agent    TEXT NOT NULL,
            epoch    TEXT NOT NULL,
            seq      INTEGER NOT NULL,
            entry    TEXT NOT NULL,                  -- hash of the heartbeat's entry the finding is about
            code     TEXT NOT NULL,
            message  TEXT NOT NULL,
            received TEXT NOT NULL,
            jws      TEXT,                           -- only when refused; otherwise it stands in heartbeats
            UNIQUE (agent, epoch, seq, entry, code, message)
        ) STRICT;

        CREATE TRIGGER entries_stay    BEFORE DELETE ON entries    BEGIN SELECT RAISE(ABORT, 'evidence is never removed'); END;
        CREATE TRIGGER heartbeats_stay BEFORE DELETE ON heartbeats BEGIN SELECT RAISE(ABORT, 'evidence is never removed'); END;
        CREATE TRIGGER findings_stay   BEFORE DELETE ON findings   BEGIN SELECT RAISE(ABORT, 'evidence is never removed'); END;
        CREATE TRIGGER entries_hold    BEFORE UPDATE ON entries    BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
        CREATE TRIGGER heartbeats_hold BEFORE UPDATE ON heartbeats BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
        CREATE TRIGGER findings_hold   BEFORE UPDATE ON findings   BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
        """;
}

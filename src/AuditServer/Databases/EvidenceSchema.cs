namespace AuditServer.Databases;

/// <summary>
/// The tables, written once for every database. Times are RFC 3339 UTC with milliseconds; hashes are lower-case hex SHA-256.
/// Evidence is never changed or removed; the triggers that hold that are each database's own.
/// </summary>
static class EvidenceSchema
{
    /// <summary>A database of a version that is neither this one nor one that can be upgraded is not touched.</summary>
    public const int Version = 4;

    /// <summary>Tables of <see cref="Evidence"/> that came with version 4.</summary>
    public static readonly string[] Since4 = ["assignments"];

    /// <summary>Tables whose rows stay as they were written.</summary>
    public static readonly string[] Evidence = ["entries", "statements", "findings", "agent_keys", "attestations", "enrolments", "key_endings", .. Since4];

    /// <summary>The columns of findings that stay; only "closed" is written later.</summary>
    public const string FindingColumns = "site, agent, epoch, seq, entry, code, message, received, jws";

    /// <summary>The oldest version that <see cref="Upgrade"/> starts from.</summary>
    public const int OldestUpgraded = 2;

    const string From2 =
        """
        ALTER TABLE commitments ADD COLUMN due TEXT;
        ALTER TABLE commitments ADD COLUMN expires TEXT;
        CREATE INDEX commitments_due ON commitments (agent, camera, due) WHERE ask IS NULL;
        """;

    /// <summary>What makes a database of an older version one of this version; what holds the tables of <see cref="Since4"/> comes after it.</summary>
    /// <param name="version">The version it has, from <see cref="OldestUpgraded"/> to the one before this.</param>
    /// <param name="id">As in <see cref="Tables"/>, like the others.</param>
    /// <param name="whole">Type of a whole number of 64 bits.</param>
    /// <param name="strict">What stands behind a table.</param>
    public static string Upgrade(int version, string id, string whole, string strict) => (version == OldestUpgraded ? From2 : "") + SinceVersion4(id, whole, strict);

    static string SinceVersion4(string id, string whole, string strict) =>
        $"""

        -- The days that officers assigned to cameras; the newest of a camera counts.
        CREATE TABLE assignments (
            id       {id},
            site     TEXT NOT NULL,
            camera   TEXT NOT NULL,                    -- its code
            days     {whole} NOT NULL,
            assigned TEXT NOT NULL
        ) {strict};
        CREATE INDEX assignments_by_camera ON assignments (site, camera, id);
        CREATE INDEX findings_worse ON findings (agent) WHERE closed IS NULL AND code = 'OwnVerdictWorse';
        """;

    /// <summary>The statements that create the tables.</summary>
    /// <param name="id">Type of a key that counts up by itself.</param>
    /// <param name="whole">Type of a whole number of 64 bits.</param>
    /// <param name="bytes">Type of a byte string.</param>
    /// <param name="strict">What stands behind a table.</param>
    public static string Tables(string id, string whole, string bytes, string strict) =>
        $"""
        -- One ledger of one agent. The id orders them by when each was first heard of.
        CREATE TABLE chains (
            id       {id},
            agent    TEXT NOT NULL,
            epoch    TEXT NOT NULL,
            head_seq {whole} NOT NULL,                 -- the highest statement accepted
            beat_seq {whole} NOT NULL,                 -- the highest heartbeat accepted, 0 when there is none
            UNIQUE (agent, epoch)
        ) {strict};

        -- Who was heard of, and when last.
        CREATE TABLE agents (
            agent TEXT PRIMARY KEY,
            site  TEXT NOT NULL,
            heard TEXT NOT NULL
        ) {strict};
        CREATE INDEX agents_by_heard ON agents (heard);

        -- Every ledger entry delivered, statements and those between them, byte for byte.
        CREATE TABLE entries (
            chain {whole} NOT NULL REFERENCES chains (id),
            seq   {whole} NOT NULL CHECK (seq >= 1),
            hash  TEXT NOT NULL CHECK (length(hash) = 64),
            prev  TEXT NOT NULL CHECK (length(prev) = 64),  -- as in the bytes; the hash of seq - 1 even when that one is missing
            bytes {bytes} NOT NULL,
            PRIMARY KEY (chain, seq)
        ) {strict};

        -- What was signed and what was answered. A row exists if and only if a receipt was given.
        CREATE TABLE statements (
            chain        {whole} NOT NULL,
            seq          {whole} NOT NULL,
            kind         TEXT NOT NULL CHECK (kind IN ('heartbeat', 'tick')),
            site         TEXT NOT NULL,                -- as pinned when it was received
            received     TEXT NOT NULL,
            jws          TEXT NOT NULL,
            receipt      TEXT NOT NULL,
            receipt_hash TEXT NOT NULL,                -- what the agent echoes of it
            cameras      TEXT,                         -- the cameras a heartbeat speaks of, for comparing with the next one
            verdicts     TEXT,                         -- what this server comes to, by its own policy
            PRIMARY KEY (chain, seq),
            FOREIGN KEY (chain, seq) REFERENCES entries (chain, seq)
        ) {strict};
        CREATE INDEX statements_by_receipt ON statements (receipt_hash);
        CREATE INDEX statements_by_site ON statements (site, received, chain, seq);

        -- What a person should look at. A conflicting statement that was refused is kept here: it is signed, so it proves itself.
        CREATE TABLE findings (
            id       {id},
            site     TEXT NOT NULL,
            agent    TEXT NOT NULL,
            epoch    TEXT NOT NULL,
            seq      {whole} NOT NULL,
            entry    TEXT NOT NULL,                    -- hash of the statement's entry the finding is about
            code     TEXT NOT NULL,
            message  TEXT NOT NULL,
            received TEXT NOT NULL,
            jws      TEXT,                             -- only when refused; otherwise it stands in statements
            closed   TEXT,                             -- when it was over, for a finding that lasts
            UNIQUE (agent, epoch, seq, entry, code, message)
        ) {strict};
        CREATE INDEX findings_by_agent ON findings (agent);
        CREATE INDEX findings_by_site ON findings (site, id);
        CREATE INDEX findings_open ON findings (agent) WHERE closed IS NULL AND code = 'MissingHeartbeat';

        -- Keys that an agent's own ledger introduced: the old key signed the new one. Where the line begins is in the pin files.
        CREATE TABLE agent_keys (
            kid       TEXT PRIMARY KEY,
            agent     TEXT NOT NULL,
            jwk       TEXT NOT NULL,
            signed_by TEXT NOT NULL UNIQUE,            -- the key that retired with it
            chain     {whole} NOT NULL REFERENCES chains (id),
            seq       {whole} NOT NULL,                -- of the key-rotate entry
            received  TEXT NOT NULL
        ) {strict};

        -- What an agent is asked with its next receipt.
        CREATE TABLE asks (
            id       {id},
            agent    TEXT NOT NULL,
            ask      TEXT NOT NULL,                    -- the id that the agent answers with
            json     TEXT NOT NULL,
            nonce    TEXT,                             -- that an attestation must carry
            created  TEXT NOT NULL,
            chain    {whole},                          -- with the receipt for this statement; null until then
            seq      {whole},
            answered TEXT,
            UNIQUE (agent, ask)
        ) {strict};
        CREATE INDEX asks_waiting ON asks (agent) WHERE seq IS NULL;

        -- Fresh statements of where an agent's ledger stands.
        CREATE TABLE attestations (
            id       {id},
            site     TEXT NOT NULL,
            agent    TEXT NOT NULL,
            epoch    TEXT NOT NULL,
            seq      {whole} NOT NULL,
            nonce    TEXT,
            hash     TEXT NOT NULL,                    -- of its payload
            received TEXT NOT NULL,
            jws      TEXT NOT NULL,
            UNIQUE (agent, nonce),
            UNIQUE (agent, hash)
        ) {strict};

        -- What agents committed to, sealed, and what became of asking about it.
        CREATE TABLE commitments (
            chain    {whole} NOT NULL,
            seq      {whole} NOT NULL,
            agent    TEXT NOT NULL,
            camera   TEXT NOT NULL,
            jwe      TEXT NOT NULL,
            received TEXT NOT NULL,
            ask      TEXT,                             -- the id of the ask; null until asked
            asked    TEXT,
            due      TEXT,                             -- from when it is to be asked about; null until it was opened
            expires  TEXT,                             -- and until when
            outcome  TEXT CHECK (outcome IN ('passed', 'failed', 'missing', 'unverifiable', 'unanswered', 'unreadable', 'expired')),
            PRIMARY KEY (chain, seq)
        ) {strict};
        CREATE INDEX commitments_waiting ON commitments (agent) WHERE outcome IS NULL;
        CREATE INDEX commitments_due ON commitments (agent, camera, due) WHERE ask IS NULL;
        CREATE INDEX commitments_by_ask ON commitments (agent, ask);
        CREATE INDEX commitments_by_camera ON commitments (agent, camera, asked);

        -- What officers issued. The key checks proofs; the code itself is not kept.
        CREATE TABLE enrolment_codes (
            code      TEXT PRIMARY KEY,
            site      TEXT NOT NULL,
            proof_key {bytes} NOT NULL,
            issued    TEXT NOT NULL,
            expires   TEXT NOT NULL,
            wrong     {whole} NOT NULL,                -- proofs that did not hold
            spent     TEXT                             -- when an agent was taken in with it
        ) {strict};

        -- Agents taken in with a code: who speaks for whom, beside the pin files.
        CREATE TABLE enrolments (
            id        {id},
            code      TEXT NOT NULL UNIQUE REFERENCES enrolment_codes (code),
            site      TEXT NOT NULL,
            agent     TEXT NOT NULL,
            kid       TEXT NOT NULL,
            jwk       TEXT NOT NULL,
            epoch     TEXT NOT NULL,
            seq       {whole} NOT NULL,                -- of the agent's newest entry then
            recorders TEXT NOT NULL,                   -- one "code serial" a line, in order; - when the serial is not known
            received  TEXT NOT NULL,
            jws       TEXT NOT NULL,
            answer    TEXT NOT NULL                    -- given again when the same key asks again
        ) {strict};
        CREATE INDEX enrolments_by_key ON enrolments (kid);
        CREATE INDEX enrolments_by_agent ON enrolments (agent);

        -- Keys that nobody stands for any longer: taken back by an officer, or replaced when their agent was enrolled anew.
        CREATE TABLE key_endings (
            kid    TEXT NOT NULL,
            agent  TEXT NOT NULL,
            ending TEXT NOT NULL CHECK (ending IN ('revoked', 'retired')),
            epoch  TEXT,                               -- a retired key still counts in this ledger up to this entry
            seq    {whole},
            ended  TEXT NOT NULL,
            PRIMARY KEY (kid, ending)
        ) {strict};
        {SinceVersion4(id, whole, strict)}
        """;
}

using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using AuditServer.Receipts;
using Microsoft.Data.Sqlite;

namespace AuditServer.Intake;

/// <summary>The rows behind <see cref="EvidenceStore.Accept"/>, inside its transaction.</summary>
sealed class EvidenceTransactionStore(SqliteConnection connection, SqliteTransaction transaction)
{
    /// <summary>Entry hash and receipt of a heartbeat accepted before.</summary>
    public (string Hash, string Receipt)? FindHeartbeat(string agent, Guid epoch, long seq)
    {
        using var command = Command(
            """
            SELECT e.hash, h.receipt FROM chains c
            JOIN heartbeats h ON h.chain = c.id AND h.seq = $seq
            JOIN entries e ON e.chain = c.id AND e.seq = $seq
            WHERE c.agent = $agent AND c.epoch = $epoch
            """,
            ("$agent", agent), ("$epoch", Text(epoch)), ("$seq", seq));
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetString(0), row.GetString(1)) : null;
    }

    /// <summary>
    /// The first stored entry that contradicts a delivered one, in words. Heartbeats may come in any order, so the neighbours
    /// on both sides are compared too: the one before by the hash the delivery names, the one after by the hash it names itself.
    /// </summary>
    public string? FindContradiction(VerifiedHeartbeat heartbeat)
    {
        var hashes = new Dictionary<long, string> { [heartbeat.After] = heartbeat.AfterHash, [heartbeat.Entry.Seq] = heartbeat.EntryHash };
        for (var i = 0; i < heartbeat.Between.Length; i++)
            hashes[heartbeat.After + 1 + i] = EntryCodec.Hash(heartbeat.Between[i].Span);

        using var command = Command(
            """
            SELECT e.seq, e.hash, e.prev FROM chains c JOIN entries e ON e.chain = c.id
            WHERE c.agent = $agent AND c.epoch = $epoch AND e.seq BETWEEN $from AND $to ORDER BY e.seq
            """,
            ("$agent", heartbeat.Entry.Agent), ("$epoch", Text(heartbeat.Entry.Epoch)), ("$from", heartbeat.After), ("$to", heartbeat.Entry.Seq + 1));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var (seq, hash, previous) = (row.GetInt64(0), row.GetString(1), row.GetString(2));
            if (hashes.TryGetValue(seq, out var delivered) && delivered != hash)
                return $"The entry with seq {seq} was delivered before with hash {hash}; now it has {delivered}.";
            if (hashes.TryGetValue(seq - 1, out var before) && before != previous)
                return $"The entry with seq {seq} was delivered before and follows an entry with hash {previous}; now that one has {before}.";
        }

        return null;
    }

    /// <summary>Whether this would be the first of its epoch while the agent has another epoch.</summary>
    public bool IsNewEpoch(string agent, Guid epoch)
    {
        using var command = Command(
            "SELECT count(*) > 0 AND sum(epoch = $epoch) = 0 FROM chains WHERE agent = $agent",
            ("$agent", agent), ("$epoch", Text(epoch)));
        return command.ExecuteScalar() is 1L;
    }

    public void Add(DeliveredHeartbeat delivery, SignedReceipt receipt)
    {
        var heartbeat = delivery.Heartbeat;
        var entry = heartbeat.Entry;
        using var upsert = Command(
            """
            INSERT INTO chains (agent, epoch, head_seq) VALUES ($agent, $epoch, $seq)
            ON CONFLICT (agent, epoch) DO UPDATE SET head_seq = max(head_seq, excluded.head_seq)
            RETURNING id
            """,
            ("$agent", entry.Agent), ("$epoch", Text(entry.Epoch)), ("$seq", entry.Seq));
        var chain = (long)upsert.ExecuteScalar()!;

        var previous = heartbeat.AfterHash;
        var seq = heartbeat.After;
        foreach (var bytes in heartbeat.Between.Append(heartbeat.EntryBytes))
            previous = AddEntry(chain, ++seq, previous, bytes);

        using var insert = Command(
            "INSERT INTO heartbeats (chain, seq, site, received, jws, receipt) VALUES ($chain, $seq, $site, $received, $jws, $receipt)",
            ("$chain", chain), ("$seq", entry.Seq), ("$site", delivery.Agent.Site), ("$received", EvidenceStore.FormatTime(delivery.ReceivedAt)),
            ("$jws", delivery.Jws), ("$receipt", receipt.Jws));
        insert.ExecuteNonQuery();

        foreach (var finding in receipt.Receipt.Findings)
            AddFinding(delivery, finding.Code, finding.Message, jws: null);
    }

    /// <summary>Stores a finding once, however often the same thing is sent.</summary>
    public void AddFinding(DeliveredHeartbeat delivery, string code, string message, string? jws)
    {
        var entry = delivery.Heartbeat.Entry;
        using var insert = Command(
            """
            INSERT INTO findings (site, agent, epoch, seq, entry, code, message, received, jws)
            VALUES ($site, $agent, $epoch, $seq, $entry, $code, $message, $received, $jws) ON CONFLICT DO NOTHING
            """,
            ("$site", delivery.Agent.Site), ("$agent", entry.Agent), ("$epoch", Text(entry.Epoch)), ("$seq", entry.Seq),
            ("$entry", delivery.Heartbeat.EntryHash), ("$code", code), ("$message", message),
            ("$received", EvidenceStore.FormatTime(delivery.ReceivedAt)), ("$jws", (object?)jws ?? DBNull.Value));
        insert.ExecuteNonQuery();
    }

    // An entry may already be there, delivered beside another heartbeat; that it is the same one was found before.
    string AddEntry(long chain, long seq, string previous, ReadOnlyMemory<byte> bytes)
    {
        var hash = EntryCodec.Hash(bytes.Span);
        using var insert = Command(
            "INSERT INTO entries (chain, seq, hash, prev, bytes) VALUES ($chain, $seq, $hash, $prev, $bytes) ON CONFLICT DO NOTHING",
            ("$chain", chain), ("$seq", seq), ("$hash", hash), ("$prev", previous), ("$bytes", bytes.ToArray()));
        insert.ExecuteNonQuery();
        return hash;
    }

    SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);

        return command;
    }

    static string Text(Guid epoch) => epoch.ToString("D");
}

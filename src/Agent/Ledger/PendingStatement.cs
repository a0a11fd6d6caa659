namespace Agent.Ledger;

/// <summary>A heartbeat or tick that nobody has receipted yet.</summary>
/// <param name="Position">Its place in the order of sending, over all epochs.</param>
/// <param name="Epoch">Of its entry.</param>
/// <param name="Seq">Of its entry.</param>
/// <param name="After">Seq of the statement before it; the entries in between travel with it.</param>
/// <param name="Jws">The compact JWS, signed once.</param>
/// <param name="Bytes">The exact bytes of its entry, which the receipt must name by hash.</param>
/// <param name="Attempts">Drains that ended without a receipt for it.</param>
sealed record PendingStatement(long Position, Guid Epoch, long Seq, long After, string Jws, ReadOnlyMemory<byte> Bytes, int Attempts);

namespace Agent.Ledger;

/// <summary>Gives the body of the next heartbeat. May take its time: the ledger stays open to others meanwhile.</summary>
/// <param name="after">Seq of the statement (heartbeat or tick) before it, 0 when there is none: the body's <c>after</c>.</param>
/// <returns>A JSON object in UTF-8, on one line, with a member <c>after</c>.</returns>
delegate ReadOnlyMemory<byte> HeartbeatBody(long after);

namespace Agent.Keys;

/// <summary>What a change of key asks of the ledger, which lies further down the road than the keys do.</summary>
/// <param name="Began">When the ledger began, and with it the first key; null while it is empty.</param>
/// <param name="IsKnown">Whether an audit server knows the present key: it took the agent in, or something signed by it.</param>
/// <param name="Rotate">Changes the key: the ledger holds the old key's word for the new one when it returns.</param>
sealed record KeyLedger(Func<DateTimeOffset?> Began, Func<bool> IsKnown, Action Rotate);

namespace Agent.Ledger;

/// <summary>The end of the chain, as far as the next entry needs to know it.</summary>
/// <param name="Head">The newest entry of the epoch.</param>
/// <param name="Reading">The clocks of the newest entry of any epoch; null before the first.</param>
/// <param name="LastStatement">Seq of the newest heartbeat or tick of the epoch; 0 when there is none.</param>
/// <param name="Unstated">Bytes of the entries since that statement.</param>
readonly record struct ChainEnd(LedgerHead Head, ClockReading? Reading, long LastStatement, long Unstated);

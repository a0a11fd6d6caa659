namespace AuditServer.Receipts;

static class Lateness
{
    /// <summary>Whole seconds from one time to another; 0 when the second comes first, because two clocks are compared.</summary>
    public static long Seconds(DateTimeOffset from, DateTimeOffset to) => Math.Max(0, (to - from).Ticks / TimeSpan.TicksPerSecond);
}

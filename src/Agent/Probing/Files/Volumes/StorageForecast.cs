namespace Agent.Probing.Files.Volumes;

/// <summary>How long a volume holds at the rate at which its cameras write.</summary>
/// <param name="Point">Where the volume is mounted.</param>
/// <param name="BytesPerDay">All its cameras together; null when nothing is known of any.</param>
/// <param name="HoldsDays">Days of footage it can hold at that rate; null when not known. An upper bound: nothing else is expected to grow on it.</param>
/// <param name="Cameras">The cameras that write there.</param>
internal sealed record StorageForecast(string Point, double? BytesPerDay, double? HoldsDays, IReadOnlyList<CameraForecast> Cameras)
{
    /// <summary>
    /// All the volume's room that footage has or can have, over what is written a day. A recorder that overwrites takes the oldest first, so
    /// every camera of the volume is held to the same days. When a volume holds less than a camera needs, the day comes on
    /// which its footage of <c>n</c> days no longer fits: today's footage grows older while more is written than was.
    /// </summary>
    public static StorageForecast Of(string point, long freeBytes, IReadOnlyList<CameraStorage> cameras, DateTimeOffset now)
    {
        var known = cameras.Where(c => c.BytesPerDay > 0).ToList();
        if (known.Count == 0)
            return new StorageForecast(point, null, null, [.. cameras.Select(c => new CameraForecast(c, null))]);
        double room = freeBytes + cameras.Sum(c => (double)c.KeptBytes), rate = known.Sum(c => c.BytesPerDay!.Value), before = known.Sum(c => c.OlderBytesPerDay!.Value);
        var holds = room / rate;
        return new StorageForecast(point, rate, holds, [.. cameras.Select(c => new CameraForecast(c, holds >= c.RequiredDays || c.BytesPerDay is null ? null : DropsOn(c, room, rate, before, now)))]);
    }

    // In t days the footage that must be there is n − t days of the older rate and t days of the present one.
    static DateTimeOffset DropsOn(CameraStorage camera, double room, double rate, double before, DateTimeOffset now)
    {
        var overflow = room - before * camera.RequiredDays;
        if (overflow <= 0 || rate <= before)
            return now;
        // It must first be old enough to drop under it.
        return now + TimeSpan.FromDays(Math.Min(overflow / (rate - before), camera.RequiredDays));
    }
}

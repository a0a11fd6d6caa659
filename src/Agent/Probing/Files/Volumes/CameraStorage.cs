namespace Agent.Probing.Files.Volumes;

/// <summary>What one camera takes of its volume.</summary>
/// <param name="Recorder">The recorder.</param>
/// <param name="Camera">The camera as the recorder names it.</param>
/// <param name="RequiredDays">The days that bind it.</param>
/// <param name="KeptBytes">What it has there.</param>
/// <param name="KeptFor">How much recorded time that is.</param>
/// <param name="RecentBytes">Of these, what was recorded within <see cref="Recent"/>.</param>
/// <param name="Recent">The last days, or less where there is less footage.</param>
internal sealed record CameraStorage(string Recorder, string Camera, int RequiredDays, long KeptBytes, TimeSpan KeptFor, long RecentBytes, TimeSpan Recent)
{
    /// <summary>Less footage than this says nothing about a day.</summary>
    public static readonly TimeSpan LeastRecent = TimeSpan.FromHours(6);

    /// <summary>The last days whose writing is taken for that of the next ones.</summary>
    public static readonly TimeSpan LastDays = TimeSpan.FromDays(3);

    /// <summary>Bytes it writes a day now; null when too little is known.</summary>
    public double? BytesPerDay => Recent >= LeastRecent ? RecentBytes / Recent.TotalDays : null;

    /// <summary>Bytes a day of what it wrote before; as now when nothing is older.</summary>
    public double? OlderBytesPerDay => KeptFor - Recent >= LeastRecent ? (KeptBytes - RecentBytes) / (KeptFor - Recent).TotalDays : BytesPerDay;
}

namespace Agent.Probing.Files.Volumes;

/// <summary>What the forecast comes to for one camera.</summary>
/// <param name="Storage">What it takes.</param>
/// <param name="DropsOn">From when on its volume no longer holds the days that bind it; now when it already cannot; null when it does.</param>
internal sealed record CameraForecast(CameraStorage Storage, DateTimeOffset? DropsOn);

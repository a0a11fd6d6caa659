namespace Agent.Rounds;

/// <summary>What one camera writes, and whether its volume will hold it.</summary>
/// <param name="Camera">As the recorder names it.</param>
/// <param name="BytesPerDay">Over the last days; null when too little is known.</param>
/// <param name="RequiredDays">The days that bind it.</param>
/// <param name="DropsOn">From when on the volume no longer holds those days at this rate; null when it does, or nobody knows.</param>
internal sealed record CameraWriting(string Camera, double? BytesPerDay, int RequiredDays, DateTimeOffset? DropsOn);

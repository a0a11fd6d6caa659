namespace Agent.Probing.Files;

/// <summary>What came of starting ffprobe once.</summary>
/// <param name="Json">Its answer; null when it gave none.</param>
/// <param name="Failure">Why it gave none, printable; null when it did.</param>
/// <param name="Started">It ran; without that no other file needs to be tried.</param>
internal readonly record struct FfprobeReply(string? Json, string? Failure, bool Started = true)
{
    public static FfprobeReply Failed(string why) => new(null, why);
}

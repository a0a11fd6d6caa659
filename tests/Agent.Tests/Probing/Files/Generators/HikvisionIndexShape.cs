namespace Agent.Tests.Probing.Files.Generators;

/// <summary>What a Hikvision index may or may not have.</summary>
/// <param name="OpenEndsAreZero">Whether the running segment and its channel's slot have no end yet.</param>
/// <param name="FileLength">Of each hivNNNNN.mp4; a recorder lays out 256 MiB.</param>
/// <param name="CutFromTail">Bytes missing at the index's end.</param>
sealed record HikvisionIndexShape(
    bool OpenEndsAreZero = true,
    int Version = 2,
    long TimesChanged = 77_777,
    int FileLength = 1 << 20,
    int CutFromTail = 0)
{
    /// <summary>The zone whose local time is written as if it were UTC; null where the times are UTC.</summary>
    internal TimeZoneInfo? LocalAsUtc { get; init; }

    internal long Stated(DateTimeOffset at) =>
        at.ToUnixTimeSeconds() + (LocalAsUtc is { } zone ? (long)zone.GetUtcOffset(at).TotalSeconds : 0);
}

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>What a DHAV file may or may not have.</summary>
/// <param name="HasHead">The DAHUA head before everything.</param>
/// <param name="GarbageBytes">Bytes before the first frame that belong to none, as a recorder's download may prefix.</param>
/// <param name="HasTrailers">Whether frames end with their length; without, the eight bytes are zero.</param>
/// <param name="CutFromTail">Bytes missing at the end: 1 cuts the last trailer, more the last frame.</param>
sealed record DhavShape(
    bool HasHead = false,
    int GarbageBytes = 0,
    bool HasTrailers = true,
    int CutFromTail = 0,
    bool HasSound = false,
    int Channel = 0,
    int PicturesPerSecond = 5,
    int PictureBytes = 300);

using Agent.Evidence.Timelines;

namespace Agent.Probing.Files.IndexFiles;

/// <summary>One stretch of footage as a recorder's own index lists it.</summary>
/// <param name="Camera">The recorder's name for the camera.</param>
/// <param name="Range">What it says is there.</param>
/// <param name="Bytes">How large; zero when it does not say.</param>
/// <param name="IsOpen">It is being written.</param>
internal readonly record struct ListedFootage(string Camera, TimeRange Range, long Bytes, bool IsOpen);

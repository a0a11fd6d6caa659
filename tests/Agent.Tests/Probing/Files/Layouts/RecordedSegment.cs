using Agent.Evidence.Timelines;

namespace Agent.Tests.Probing.Files.Layouts;

/// <summary>One file a recorder wrote, and what is true of it.</summary>
/// <param name="Footage">When it was recorded.</param>
/// <param name="IsOpen">It is still being written, and nothing in it tells an end yet.</param>
readonly record struct RecordedSegment(TimeRange Footage, bool IsOpen);

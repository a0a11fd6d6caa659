namespace FakeRecorder.Rtsp;

/// <summary>One picture of a recording.</summary>
/// <param name="Time">When it was taken.</param>
/// <param name="IsKey">It can be decoded alone.</param>
/// <param name="IsFirst">The first of its piece of footage.</param>
/// <param name="IsLast">The last of its piece of footage.</param>
public readonly record struct Picture(DateTimeOffset Time, bool IsKey, bool IsFirst, bool IsLast);

namespace FakeRecorder.Rtsp;

/// <summary>Where playing begins when an instant between two key pictures is asked for.</summary>
public enum KeyChoice
{
    /// <summary>At the key picture before.</summary>
    Before,

    /// <summary>At that very picture, though nobody can decode it.</summary>
    Exactly,

    /// <summary>At the next key picture.</summary>
    After,
}

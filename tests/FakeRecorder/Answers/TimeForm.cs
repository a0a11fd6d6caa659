namespace FakeRecorder.Answers;

/// <summary>How instants are written.</summary>
public enum TimeForm
{
    Milliseconds,
    Seconds,

    /// <summary>Local time with its offset, such as +08:00.</summary>
    Offset,

    /// <summary>UTC without the letter that says so.</summary>
    Bare,
}

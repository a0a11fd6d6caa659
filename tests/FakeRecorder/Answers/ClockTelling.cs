namespace FakeRecorder.Answers;

/// <summary>How a recorder tells its time.</summary>
public enum ClockTelling
{
    /// <summary>UTC, and local time beside it.</summary>
    Utc,

    /// <summary>Local time and the zone, without UTC.</summary>
    LocalOnly,

    /// <summary>Local time where UTC should be; footage and events are told in UTC.</summary>
    LocalAsUtc,

    /// <summary>Local time everywhere, with a Z behind it.</summary>
    LocalEverywhere,
}

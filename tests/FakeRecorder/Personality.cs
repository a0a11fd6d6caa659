namespace FakeRecorder;

/// <summary>
/// Whose recorder this one behaves like, as far as replies captured from real ones and the reports of their users tell; what each of
/// them does is written where it is made. <see cref="Plain"/> is what the specification asks for and nothing else.
/// </summary>
public enum Personality
{
    Plain,
    Axis,
    Hikvision,
    HikvisionOld,
    Dahua,
    GeoVision,
    Hanwha,
    Uniview,
    Milestone,
    Happytime,
    Tiandy,
    Bosch,
}

namespace FakeRecorder;

/// <summary>
/// Whose recorder this one behaves like, as far as captured replies and the reports of their users tell; what each of them does is one
/// row of <see cref="Personalities"/>. Nothing here claims to be what a maker sells today.
/// </summary>
public enum Personality
{
    /// <summary>What the specification asks for and nothing else.</summary>
    Plain,
    Axis,
    Hikvision,

    /// <summary>Firmware that knows only tokens in the SOAP header, and calls its local time UTC.</summary>
    HikvisionOld,
    Dahua,
    GeoVision,
    Hanwha,
    Uniview,
    Milestone,
    Happytime,
    Tiandy,

    /// <summary>What the schemas allow and hardly anybody does.</summary>
    Unusual,
}

namespace FakeRecorder.Answers;

/// <summary>What GetMediaAttributes tells of an instant.</summary>
public enum MediaAttributesForm
{
    /// <summary>The whole run of footage that holds it.</summary>
    Runs,

    /// <summary>The one file that holds it.</summary>
    Files,

    /// <summary>The same instant as begin and end, as the specification allows who would have to compute.</summary>
    Points,

    /// <summary>Where nothing holds it, the next footage.</summary>
    Next,

    /// <summary>The operation is not supported.</summary>
    None,
}

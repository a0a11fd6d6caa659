using Agent.Keys;

namespace Agent.Recorders;

/// <summary>What cameras and recorders are called in evidence that travels: the declared code, or one the agent makes.</summary>
internal sealed class CameraLabels(CameraCodes made, IReadOnlyList<Recorder> recorders)
{
    readonly Dictionary<string, Recorder> _recorders = recorders.ToDictionary(r => r.Id, StringComparer.Ordinal);

    public string CodeOf(string recorder, string camera) =>
        _recorders.GetValueOrDefault(recorder)?.Cameras.GetValueOrDefault(camera)?.Code ?? made.For(recorder, camera);

    /// <summary>A recorder is a camera of no name.</summary>
    public string CodeOf(string recorder) => made.For(recorder, "");
}

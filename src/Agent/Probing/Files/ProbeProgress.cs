namespace Agent.Probing.Files;

/// <summary>Progress of a look: files done so far, and where it is.</summary>
/// <param name="Files">Files read, or found as they were known.</param>
/// <param name="RelativePath">The file or folder it is at.</param>
/// <param name="CameraOf">Tells the camera of a file by its relative path, null when there is none; asked only when somebody looks.</param>
internal readonly record struct ProbeProgress(long Files, string RelativePath, Func<string, string?>? CameraOf = null)
{
    /// <summary>The camera it is at; null when that is not known.</summary>
    public string? Camera => CameraOf?.Invoke(RelativePath);
}

namespace Agent.Probing.Files;

/// <summary>
/// Asks ffprobe about a few sampled files per look: another program's reading of the same bytes shows where our own readers err.
/// It changes no measurement.
/// </summary>
internal sealed class SecondOpinion(TimeProvider time, SecondOpinionOptions? options = null)
{
    readonly SecondOpinionOptions _options = options ?? new SecondOpinionOptions();

    // Looked for once: installing ffprobe takes effect when the service starts again.
    readonly Lazy<string?> _program = new(() => FfprobeLocation.Find(options?.Ffprobe ?? ""));

    /// <summary>The sample of one look.</summary>
    public SecondOpinionSample Sample() =>
        new(_options.FilesPerLook, () => _program.Value is { } program ? new Ffprobe(program, _options.Deadline, time) : null);
}

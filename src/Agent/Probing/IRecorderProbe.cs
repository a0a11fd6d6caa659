using Agent.Probing.Files;
using Agent.Recorders;

namespace Agent.Probing;

/// <summary>One way to look at a recorder.</summary>
internal interface IRecorderProbe
{
    /// <summary>Looks once. Nothing the world does makes it throw; cancellation does.</summary>
    /// <param name="recorder">What to look at.</param>
    /// <param name="asOf">Footage that begins later is ignored; null to see all.</param>
    /// <param name="progress">Told of every file, on the thread that reads.</param>
    /// <param name="cancel">Ends the look early.</param>
    Task<ProbeOutcome> LookAsync(Recorder recorder, DateTimeOffset? asOf, IProgress<ProbeProgress>? progress, CancellationToken cancel);
}

using Agent.Probing.Files;
using Agent.Recorders;

namespace Agent.Auditing;

/// <summary>Lists a recorder's footage where that harms no other; null when the recorder does not answer.</summary>
/// <param name="recorder">The recorder.</param>
/// <param name="list">Lists, and calls its first argument as it gets on.</param>
/// <param name="cancel">Ends the waiting.</param>
internal delegate Task<List<ListedSegment>?> ReadRecorder(Recorder recorder, Func<Action, CancellationToken, List<ListedSegment>> list, CancellationToken cancel);

using Agent.Probing.Files;
using Agent.Recorders;

namespace Agent.Auditing;

/// <summary>Lists or reads a recorder's footage where that harms no other; null when the recorder does not answer, or does not get on.</summary>
/// <param name="recorder">The recorder.</param>
/// <param name="list">Lists, of the recorder it is given, and calls its second argument as it gets on.</param>
/// <param name="cancel">Ends the waiting.</param>
internal delegate Task<List<ListedSegment>?> ReadRecorder(Recorder recorder, Func<Recorder, Action, CancellationToken, List<ListedSegment>> list, CancellationToken cancel);

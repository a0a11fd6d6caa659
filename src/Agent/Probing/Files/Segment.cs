using Agent.Evidence.Timelines;

namespace Agent.Probing.Files;

/// <summary>One footage file as far as it could be read.</summary>
/// <param name="Start">Begin, from its path.</param>
/// <param name="Duration">Length the container proves; null when nothing readable tells an end.</param>
/// <param name="LastWritten">When it was last written.</param>
/// <param name="MayBeOpen">Without an end because its recorder has not finished it, not because it is broken.</param>
internal readonly record struct Segment(DateTimeOffset Start, TimeSpan? Duration, DateTimeOffset LastWritten, bool MayBeOpen)
{
    /// <summary>The footage it proves.</summary>
    public TimeRange Footage => new(Start, Start + (Duration ?? TimeSpan.Zero));
}

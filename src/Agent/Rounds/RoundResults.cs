using System.Collections.Concurrent;
using Agent.Probing;

namespace Agent.Rounds;

/// <summary>What a round of one recorder found.</summary>
internal sealed record RoundResult(ProbeOutcome Outcome, IReadOnlyList<CameraReport> Cameras);

/// <summary>The newest result of every recorder, in memory. Written by the rounds, read by heartbeat and surfaces.</summary>
internal sealed class RoundResults
{
    readonly ConcurrentDictionary<string, RoundResult> _latest = new(StringComparer.Ordinal);

    /// <summary>The newest results, in the order of recorders.</summary>
    public IReadOnlyList<RoundResult> Latest => [.. _latest.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Value)];

    public RoundResult? Of(string recorder) => _latest.GetValueOrDefault(recorder);

    /// <summary>A round ended.</summary>
    public event Action? Changed;

    public void Set(string recorder, RoundResult result)
    {
        _latest[recorder] = result;
        Changed?.Invoke();
    }
}

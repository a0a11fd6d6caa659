using Agent.Evidence.Timelines;

namespace Agent.Evidence.Verdicts;

/// <summary>Everything a verdict rests on: whoever holds this can judge again.</summary>
public sealed record CameraEvidence
{
    /// <summary>The timeline; its window reaches back at least the longest measured days.</summary>
    public required Timeline Timeline { get; init; }

    /// <summary>When it was looked, on our clock.</summary>
    public required DateTimeOffset LookedAt { get; init; }

    /// <summary>How old the newest footage may be (<see cref="RetentionPolicy.FreshnessFor"/>).</summary>
    public required TimeSpan Freshness { get; init; }

    /// <summary>When the camera began, when that is known.</summary>
    public Commissioning? Commissioning { get; init; }

    /// <summary>Footage that was seen once and has gone.</summary>
    public IReadOnlyList<FootageLoss> Losses { get; init; } = [];

    /// <summary>False: the layout or container is unproven and cannot by itself make <see cref="Verdict.Met"/>.</summary>
    public bool Proven { get; init; } = true;
}

namespace Agent.Hosting;

/// <summary>One job of the schedule, and what may be expected of it.</summary>
/// <param name="Name">Its own name and that of its trigger.</param>
/// <param name="Type">What runs.</param>
/// <param name="Every">Time between two runs.</param>
/// <param name="Longest">A run that takes longer does not move any more.</param>
/// <param name="AtOnce">Whether it runs at the start too, and not only after its first period.</param>
/// <param name="Recorder">Id of the recorder it is for; null when for none.</param>
/// <param name="Then">Name of the job that runs as soon as this one has run with the result true; null when none.</param>
internal sealed record ScheduledJob(string Name, Type Type, TimeSpan Every, TimeSpan Longest, bool AtOnce = true, string? Recorder = null, string? Then = null);

using Agent.Evidence.Verdicts;

namespace Demo;

/// <summary>One camera of the made-up site, and what a truthful agent must say of it.</summary>
/// <param name="Name">What the recorder calls it. It never leaves the site.</param>
/// <param name="Code">What it is called in evidence that travels.</param>
/// <param name="Story">What was done to its footage.</param>
/// <param name="Kept">How far back its footage reaches.</param>
/// <param name="Hole">How much is missing, ending <see cref="HoleEndedAgo"/>; zero for none.</param>
/// <param name="IsNew">Began to record when its footage begins, and the site declares so.</param>
/// <param name="Expected">The verdict for the required days.</param>
internal sealed record MadeUpCamera(string Name, string Code, string Story, TimeSpan Kept, TimeSpan Hole, bool IsNew, Verdict Expected)
{
    /// <summary>All holes lie on the fifth day back: inside the week that every site must keep.</summary>
    public static readonly TimeSpan HoleEndedAgo = TimeSpan.FromHours((4 * 24) + 12);

    public static IReadOnlyList<MadeUpCamera> All { get; } =
    [
        new("front_gate", "cam-1", "16 days, nothing missing", TimeSpan.FromDays(16), TimeSpan.Zero, IsNew: false, Verdict.Met),
        new("main_hall", "cam-2", "16 days, 90 minutes missing on day 5", TimeSpan.FromDays(16), TimeSpan.FromMinutes(90), IsNew: false, Verdict.Interrupted),
        new("loading_dock", "cam-3", "16 days, 4 hours missing on day 5", TimeSpan.FromDays(16), TimeSpan.FromHours(4), IsNew: false, Verdict.Breached),
        new("server_room", "cam-4", "installed 3 days ago, nothing missing", TimeSpan.FromDays(3), TimeSpan.Zero, IsNew: true, Verdict.Maturing),
    ];

    /// <summary>Whether footage that ends at a time so long ago is there.</summary>
    public bool Has(TimeSpan endedAgo) => endedAgo < Kept && !(endedAgo >= HoleEndedAgo && endedAgo < HoleEndedAgo + Hole);
}

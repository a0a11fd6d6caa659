namespace Agent.Probing.Files.Layouts;

/// <summary>Frigate since 0.12: <c>recordings/YYYY-MM-DD/HH/&lt;camera&gt;/MM.SS.mp4</c>, UTC, segments of about ten seconds.</summary>
internal static class FrigateLayout
{
    public static Layout Instance { get; } = new("frigate", PathTemplate.Parse("%Y-%m-%d/%H/{camera}/%M.%S"), Utc: true, Proven: true);
}

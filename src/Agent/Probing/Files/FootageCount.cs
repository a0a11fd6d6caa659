using Agent.Recorders;

namespace Agent.Probing.Files;

/// <summary>How many footage files a recorder has: counted by their names, which is soon done, and what a first look will have to read.</summary>
/// <param name="Files">Files with the extensions of its layout.</param>
internal sealed record FootageCount(long Files)
{
    /// <summary>Counts. Nothing when no layout explains the folder, or it is not there.</summary>
    /// <param name="recorder">What to look at.</param>
    /// <param name="beat">Called for every file.</param>
    /// <param name="cancel">Ends it early.</param>
    public static FootageCount Of(Recorder recorder, Action beat, CancellationToken cancel)
    {
        if (!Directory.Exists(recorder.Path) || FilesProbe.LayoutOf(recorder, cancel) is not { } layout)
            return new FootageCount(0);
        var files = 0L;
        foreach (var _ in new TreeWalk(recorder.Path, layout.Extensions, cancel).Files())
        {
            beat();
            files++;
        }

        return new FootageCount(files);
    }
}

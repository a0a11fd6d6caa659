using Agent.Probing.Files.IndexFiles;

namespace Agent.Probing.Files.Layouts;

/// <summary>
/// Hikvision on a card or network volume: <c>datadirN/hivNNNNN.mp4</c>, files of 256 MB laid out beforehand and written over and over.
/// Their names, sizes and times tell nothing; <c>datadirN/index00.bin</c> does.
/// </summary>
/// <remarks>
/// Facts: a real index00.bin (protocols E.1) and the readers of others. <c>index01.bin</c> is a copy of it and is not read beside it.
/// Unproven: one sample is not a recorder.
/// </remarks>
internal static class HikvisionLayout
{
    public static Layout Instance { get; } = new("hikvision", PathTemplate.Loose("datadir%v/*"), Utc: true, Proven: false)
    {
        Extensions = Layout.Of(".mp4", ".bin", ".pic"),
        Beside = [PathTemplate.Loose("info")],
        Index = new IndexFile(IsIndex, 2, HikvisionIndex.Read) { LoneCameraIsItsFolder = true },
        PrefixNamesCamera = true,
    };

    static bool IsIndex(ReadOnlySpan<char> path) =>
        Path.GetFileName(path).Equals("index00.bin", StringComparison.OrdinalIgnoreCase)
            && Path.GetFileName(Path.GetDirectoryName(path)).StartsWith("datadir", StringComparison.OrdinalIgnoreCase);
}

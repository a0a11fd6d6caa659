using Agent.Probing.Files.Containers;

namespace Agent.Tests.Probing.Files.Containers;

/// <summary>Readings of files on disk together with what they cost, and of bytes in memory.</summary>
static class Readings
{
    internal static (ContainerReading Reading, int Reads, long Bytes) Read(string path)
    {
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        using var reader = new BoundedReader(file, RandomAccess.GetLength(file), CancellationToken.None);
        var reading = ContainerReader.Read(reader, default, CancellationToken.None);
        return (reading, reader.Reads, reader.BytesRead);
    }

    internal static ContainerReading ReadBytes(ReadOnlySpan<byte> content) => ReadBytes(content, default);

    /// <param name="content">Of the file.</param>
    /// <param name="init">Of the initialisation file beside it.</param>
    internal static ContainerReading ReadBytes(ReadOnlySpan<byte> content, ReadOnlyMemory<byte> init)
    {
        using var reader = new BoundedReader(content.ToArray(), CancellationToken.None);
        return ContainerReader.Read(reader, init, CancellationToken.None);
    }
}

using Agent.Probing.Files.Containers;

namespace Agent.Tests.Probing.Files.Containers;

/// <summary>Readings of files on disk together with what they cost.</summary>
static class Readings
{
    internal static (ContainerReading Reading, int Reads, long Bytes) Read(string path)
    {
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        using var reader = new BoundedReader(file, RandomAccess.GetLength(file), CancellationToken.None);
        var reading = ContainerReader.Read(reader);
        return (reading, reader.Reads, reader.BytesRead);
    }

    internal static ContainerReading ReadBytes(ReadOnlySpan<byte> content)
    {
        var path = SyntheticFootage.Write("bytes.bin", content);
        try
        {
            var (reading, _, _) = Read(path);
            return reading;
        }
        finally
        {
            File.Delete(path);
        }
    }
}

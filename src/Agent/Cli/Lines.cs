using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Agent.Cli;

/// <summary>Reads a file line by line in little memory, whatever is in it.</summary>
internal static class Lines
{
    /// <summary>The lines without their ends.</summary>
    /// <param name="content">What is read.</param>
    /// <param name="longest">A longer line is handed on as it stands and ends the reading.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <returns>Each line, and whether the file ended within it.</returns>
    public static async IAsyncEnumerable<(ReadOnlyMemory<byte> Bytes, bool Cut)> ReadAsync(Stream content, int longest, [EnumeratorCancellation] CancellationToken cancel)
    {
        var pipe = PipeReader.Create(content);
        while (true)
        {
            var read = await pipe.ReadAsync(cancel);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                yield return (Bare(rest.Slice(0, end)), false);
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            if (read.IsCompleted || rest.Length > longest)
            {
                if (!rest.IsEmpty)
                    yield return (Bare(rest), true);
                yield break;
            }
            pipe.AdvanceTo(rest.Start, rest.End);
        }
    }

    // Windows puts a character before the end of a line.
    static ReadOnlyMemory<byte> Bare(ReadOnlySequence<byte> line) => line.ToArray() is [.. var before, (byte)'\r'] ? before : line.ToArray();
}

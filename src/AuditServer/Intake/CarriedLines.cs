using System.Runtime.CompilerServices;

namespace AuditServer.Intake;

/// <summary>Reads a file line by line in bounded memory, whatever is in it.</summary>
static class CarriedLines
{
    /// <summary>The lines without their ends; empty ones too.</summary>
    /// <param name="content">What is read, from where it stands.</param>
    /// <param name="longest">A longer line is read past and given as null.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>?> ReadAsync(Stream content, int longest, [EnumeratorCancellation] CancellationToken cancel)
    {
        var buffer = new byte[64 << 10];
        using var line = new MemoryStream();
        var isTooLong = false;
        while (await content.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            var rest = buffer.AsMemory(0, count);
            while (rest.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                Keep(rest[..end]);
                yield return Line();
                rest = rest[(end + 1)..];
            }

            Keep(rest);
        }

        if (isTooLong || line.Length > 0)
            yield return Line();

        void Keep(ReadOnlyMemory<byte> part)
        {
            isTooLong |= line.Length + part.Length > longest;
            if (!isTooLong)
                line.Write(part.Span);
        }

        ReadOnlyMemory<byte>? Line()
        {
            // Written out, because null in a conditional expression would become empty memory.
            ReadOnlyMemory<byte>? whole = null;
            if (!isTooLong)
                whole = line.ToArray();
            line.SetLength(0);
            isTooLong = false;
            return whole;
        }
    }
}

using System.Globalization;
using System.Text;

namespace FakeRecorder.Http;

/// <summary>Writes answers as this recorder does.</summary>
internal static class ReplyWriter
{
    const int ChunkLength = 1000;

    /// <summary>Writes one answer.</summary>
    /// <returns>Whether the connection may be used again.</returns>
    public static async Task<bool> WriteAsync(Stream stream, HttpReply reply, Quirks quirks, CancellationToken stopping)
    {
        var length = quirks.OmitsLength ? "Connection: close\r\n" : quirks.Chunks ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {reply.Body.Length}\r\n";
        await stream.WriteAsync(Head(reply, length), stopping);
        if (quirks.Chunks && !quirks.OmitsLength)
            foreach (var chunk in reply.Body.Chunk(ChunkLength).Append([]))
                await WriteChunkAsync(stream, chunk, stopping);
        else
            await stream.WriteAsync(reply.Body, stopping);
        await stream.FlushAsync(stopping);
        return !quirks.OmitsLength;
    }

    public static byte[] Head(HttpReply reply, string more)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} {reply.Reason}\r\nServer: fake\r\nContent-Type: {reply.ContentType}\r\n").Append(more);
        foreach (var (name, value) in reply.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }

    public static async Task WriteChunkAsync(Stream stream, byte[] chunk, CancellationToken stopping)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n")), stopping);
        await stream.WriteAsync(chunk, stopping);
        await stream.WriteAsync("\r\n"u8.ToArray(), stopping);
    }
}

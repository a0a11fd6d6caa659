using System.Globalization;
using System.Text;

namespace FakeRecorder.Http;

/// <summary>A request of HTTP/1.1 as it was read from a connection.</summary>
internal sealed record HttpRequest(string Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    const int LongestHead = 64 * 1024;

    public string? Header(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();

    /// <summary>Reads the next request; null where the connection ends before it.</summary>
    public static async Task<HttpRequest?> ReadAsync(Stream stream, CancellationToken stopping)
    {
        if (await ReadLineAsync(stream, stopping) is not { Length: > 0 } first || first.Split(' ') is not [var method, var path, _])
            return null;
        var headers = new List<KeyValuePair<string, string>>();
        while (await ReadLineAsync(stream, stopping) is { Length: > 0 } line)
            headers.Add(KeyValuePair.Create(line.Split(':', 2)[0].Trim(), line.Split(':', 2)[^1].Trim()));
        var request = new HttpRequest(method, path, headers, []);
        if (request.Header("Expect") is not null)
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stopping);
        return request with { Body = await BodyAsync(stream, request, stopping) };
    }

    static async Task<byte[]> BodyAsync(Stream stream, HttpRequest request, CancellationToken stopping)
    {
        if (request.Header("Transfer-Encoding") is null)
            return await ExactlyAsync(stream, int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture), stopping);
        var body = new List<byte>();
        while (int.Parse(await ReadLineAsync(stream, stopping) ?? "0", NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var length)
        {
            body.AddRange(await ExactlyAsync(stream, length, stopping));
            await ReadLineAsync(stream, stopping);
        }

        await ReadLineAsync(stream, stopping);
        return [.. body];
    }

    static async Task<byte[]> ExactlyAsync(Stream stream, int length, CancellationToken stopping)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, stopping);
        return bytes;
    }

    static async Task<string?> ReadLineAsync(Stream stream, CancellationToken stopping)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < LongestHead && await stream.ReadAsync(one, stopping) == 1)
        {
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }

        return null;
    }
}

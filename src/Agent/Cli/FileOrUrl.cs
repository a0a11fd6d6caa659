using System.Net;

namespace Agent.Cli;

/// <summary>What a word on the command line names: a file, or an address whose answer is believed no more than a file would be.</summary>
internal static class FileOrUrl
{
    // A statement comes in one go; whoever drips it out is not waited for.
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Opens it for reading from the beginning, as often as wanted.</summary>
    /// <param name="named">A path, or a URL: https, or http to this machine.</param>
    /// <param name="most">Of an answer, and of what cannot be read twice (a pipe), at most so many bytes are taken.</param>
    /// <param name="cancel">Ends the fetching early.</param>
    /// <exception cref="IOException">It cannot be read; the message names it and says why.</exception>
    public static async Task<Stream> OpenAsync(string named, int most, CancellationToken cancel)
    {
        try
        {
            return named.Contains("://", StringComparison.Ordinal) ? await FetchAsync(named, most, cancel) : await OpenFileAsync(named, most, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"{named} cannot be read: {ReasonOf(e)}.", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"{named} cannot be read: it did not answer whole within {Deadline.TotalSeconds:0} s.", e);
        }
    }

    /// <summary>Reads all of it.</summary>
    /// <exception cref="IOException">It cannot be read, or is larger than <paramref name="most"/> bytes.</exception>
    public static async Task<byte[]> ReadAsync(string named, int most, CancellationToken cancel)
    {
        await using var stream = await OpenAsync(named, most, cancel);
        return await BeginningAsync(stream, most + 1, cancel) is { } all && all.Length <= most
            ? all
            : throw new IOException($"{named} cannot be read: it is larger than {most} bytes.");
    }

    /// <summary>The first bytes of a stream, fewer when there are fewer.</summary>
    public static async Task<byte[]> BeginningAsync(Stream stream, int most, CancellationToken cancel)
    {
        var beginning = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (beginning.Length < most && await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, most - beginning.Length)), cancel) is > 0 and var count)
            await beginning.WriteAsync(buffer.AsMemory(0, count), cancel);
        return beginning.ToArray();
    }

    static async Task<Stream> OpenFileAsync(string path, int most, CancellationToken cancel)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.CanSeek)
            return file;
        await using (file)
            return await BeginningAsync(file, most + 1, cancel) is { } all && all.Length <= most ? new MemoryStream(all) : throw TooLarge(most);
    }

    static async Task<Stream> FetchAsync(string text, int most, CancellationToken cancel)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            throw new IOException("an address must be https, or http to this machine");

#pragma warning disable CA2000 // The client disposes of its handler.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, Credentials = null })
        {
            MaxResponseContentBufferSize = most,
            Timeout = Deadline,
        };
#pragma warning restore CA2000
        using var response = await http.GetAsync(url, cancel);
        return response.StatusCode == HttpStatusCode.OK
            ? new MemoryStream(await response.Content.ReadAsByteArrayAsync(cancel))
            : throw new IOException($"it answered {(int)response.StatusCode}{((int)response.StatusCode is >= 300 and < 400 ? ", and redirects are not followed" : "")}");
    }

    static string ReasonOf(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it does not exist",
        UnauthorizedAccessException => "it is a folder, or permission is denied",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "the answer is too large",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => $"the request failed ({http.HttpRequestError})",
        _ => e.Message.TrimEnd('.'),
    };

    static IOException TooLarge(int most) => new($"it is larger than {most} bytes");
}

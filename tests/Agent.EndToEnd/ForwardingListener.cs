using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Agent.EndToEnd;

/// <summary>Stands between agent and audit server, hands everything on as it is unless told otherwise, and keeps what was accepted: statements as they travel.</summary>
internal sealed class ForwardingListener : IAsyncDisposable
{
    readonly HttpListener _listener = new();
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    readonly Uri _server;
    readonly Task _work;

    public ForwardingListener(Uri server)
    {
        _server = server;
        Url = new Uri($"http://127.0.0.1:{Programs.FreePort().ToString(CultureInfo.InvariantCulture)}/");
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _work = WorkAsync();
    }

    public Uri Url { get; }

    /// <summary>What becomes of a request on its way to the server; it stays as it is unless set.</summary>
    public Func<byte[], byte[]> ChangeRequest { get; set; } = bytes => bytes;

    /// <summary>What becomes of an answer on its way back.</summary>
    public Func<byte[], byte[]> ChangeReply { get; set; } = bytes => bytes;

    /// <summary>Path, request and reply of whatever was answered with 200.</summary>
    public ConcurrentQueue<(string Path, byte[] Request, byte[] Reply)> Accepted { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _work;
        _http.Dispose();
    }

    async Task WorkAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await ForwardAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or HttpRequestException)
            {
                // Closed, or the server is not there: the agent sees a connection that ends.
            }
        }
    }

    async Task ForwardAsync(HttpListenerContext context)
    {
        using var request = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(request);
        using var content = new ByteArrayContent(ChangeRequest(request.ToArray()));
        content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        using var answer = await _http.PostAsync(new Uri(_server, context.Request.Url!.AbsolutePath), content);
        var reply = ChangeReply(await answer.Content.ReadAsByteArrayAsync());
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.OutputStream.WriteAsync(reply);
        context.Response.Close();
        if (answer.StatusCode == HttpStatusCode.OK)
            Accepted.Enqueue((context.Request.Url.AbsolutePath, request.ToArray(), reply));
    }
}

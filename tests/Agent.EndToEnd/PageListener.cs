using System.Globalization;
using System.Net;

namespace Agent.EndToEnd;

/// <summary>A web server with a few pages; a page without content moves to another address.</summary>
internal sealed class PageListener : IAsyncDisposable
{
    readonly HttpListener _listener = new();
    readonly Dictionary<string, byte[]?> _pages;
    readonly Task _work;

    public PageListener(Dictionary<string, byte[]?> pages)
    {
        _pages = pages;
        _listener.Prefixes.Add($"http://127.0.0.1:{Programs.FreePort().ToString(CultureInfo.InvariantCulture)}/");
        _listener.Start();
        _work = WorkAsync();
    }

    public string Url(string page) => _listener.Prefixes.Single().TrimEnd('/') + page;

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _work;
    }

    async Task WorkAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Closed, or whoever asked has heard enough.
            }
        }
    }

    async Task AnswerAsync(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath;
        context.Response.StatusCode = !_pages.TryGetValue(path, out var content) ? 404 : content is null ? 302 : 200;
        if (context.Response.StatusCode == 302)
            context.Response.RedirectLocation = Url("/export");
        context.Response.ContentLength64 = content?.Length ?? 0;
        await context.Response.OutputStream.WriteAsync(content ?? []);
        context.Response.Close();
    }
}

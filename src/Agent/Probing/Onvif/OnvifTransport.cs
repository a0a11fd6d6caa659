using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Agent.Probing.Onvif;

/// <summary>
/// The one HTTP client for all recorders. It follows no redirect, uses no proxy, knows no credentials and keeps no cookie; what a
/// recorder is told is what <see cref="SoapClient"/> writes, and where it goes is <see cref="RecorderAddress"/>.
/// </summary>
internal sealed class OnvifTransport : IDisposable
{
    const int ConnectionsPerRecorder = 2;
    const int LongestHeadersInKilobytes = 32;

    readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        Credentials = null,
        PreAuthenticate = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxConnectionsPerServer = ConnectionsPerRecorder,
        MaxResponseHeadersLength = LongestHeadersInKilobytes,
        MaxResponseDrainSize = 64 * 1024,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15), // shorter than most recorders keep one
        ActivityHeadersPropagator = null,
        // What stands in a digest is bytes, whatever encoding a realm or a name is in.
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
    });

    /// <summary>Posts a message; the reply's headers have come when this returns.</summary>
    /// <exception cref="HttpRequestException">It could not be posted, or what came back is no HTTP.</exception>
    public async Task<HttpResponseMessage> PostAsync(Uri address, string action, byte[] message, string? authorization, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        // With its length beforehand: old devices take no chunks.
        request.Content = new ByteArrayContent(message);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/soap+xml", "utf-8") { Parameters = { new NameValueHeaderValue("action", $"\"{action}\"") } };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await _http.SendAsync(request, cancel);
    }

    public void Dispose() => _http.Dispose();
}

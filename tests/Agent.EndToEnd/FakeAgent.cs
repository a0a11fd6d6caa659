using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Agent.EndToEnd;

/// <summary>What stands where a polled agent should: it has the certificate that was pinned and the worst manners.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly X509Certificate2 _certificate;
    readonly Func<Stream, CancellationToken, Task> _answer;
    readonly Task _work;
    int _asked;

    FakeAgent(Func<Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=fake", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        _certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
        _listener.Start();
        Url = new Uri($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _work = WorkAsync();
    }

    public Uri Url { get; }

    public string Fingerprint => Convert.ToHexStringLower(_certificate.GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>How many requests came.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Sends whoever asks somewhere else.</summary>
    public static FakeAgent Redirecting(Uri elsewhere) => new((stream, cancel) => WriteAsync(stream, $"HTTP/1.1 307 Elsewhere\r\nLocation: {elsewhere}v1/attestation\r\nContent-Length: 0\r\n\r\n", cancel));

    /// <summary>Says more than anybody has to hear, and does not stop.</summary>
    public static FakeAgent Babbling() => new(async (stream, cancel) =>
    {
        await WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", cancel);
        var chunk = $"10000\r\n{new string(' ', 0x10000)}\r\n";
        while (!cancel.IsCancellationRequested)
            await WriteAsync(stream, chunk, cancel);
    });

    /// <summary>Takes the question and never answers.</summary>
    public static FakeAgent Silent() => new((_, cancel) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _work;
        _certificate.Dispose();
        _end.Dispose();
    }

    async Task WorkAsync()
    {
        var open = new List<Task>();
        while (!_end.IsCancellationRequested)
            try
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }

        await Task.WhenAll(open);
    }

    async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            await using (var tls = new SslStream(client.GetStream()))
            {
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                var head = new StringBuilder();
                var buffer = new byte[4096];
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await tls.ReadAsync(buffer, _end.Token) is > 0 and var count)
                    head.Append(Encoding.ASCII.GetString(buffer, 0, count));
                Interlocked.Increment(ref _asked);
                await _answer(tls, _end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException or SocketException)
        {
            // Whoever asked has heard enough, or the test is over.
        }
    }

    static async Task WriteAsync(Stream stream, string text, CancellationToken cancel)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancel);
        await stream.FlushAsync(cancel);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;

namespace AuditServer.Polling;

/// <summary>
/// Asks one agent. Whoever answers must hold the pinned certificate before anything is sent; nothing is followed anywhere else, and what
/// comes back is bounded in size and time and believed for its signatures only.
/// </summary>
sealed class AgentClient : IDisposable
{
    // A page is a mebibyte, or one statement that is larger.
    const int LargestPage = HeartbeatRequest.MaxBytes + (1 << 20);

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly HttpClient _http;
    readonly X509Certificate2? _own;
    bool _isStranger;

    /// <exception cref="PollException">The certificate to show cannot be read.</exception>
    public AgentClient(PollTarget target)
    {
        _own = target.ClientCertificate is { } file ? ReadOwn(file) : null;
#pragma warning disable CA2000 // The client disposes of its handler.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, Credentials = null, ConnectTimeout = Patience, AutomaticDecompression = DecompressionMethods.None,
        };
#pragma warning restore CA2000
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) =>
        {
            _isStranger = presented is null || !CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(Convert.ToHexStringLower(presented.GetCertHash(HashAlgorithmName.SHA256))), Encoding.ASCII.GetBytes(target.Fingerprint));
            return !_isStranger;
        };
        if (_own is not null)
            handler.SslOptions.ClientCertificates = [_own];
        _http = new HttpClient(handler) { BaseAddress = target.Url, MaxResponseContentBufferSize = LargestPage, Timeout = Patience };
        if (target.Bearer is { } key)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>A fresh attestation with a nonce of the asker's, as it came.</summary>
    /// <exception cref="PollException">There was none.</exception>
    public async Task<string> AttestAsync(string nonce, CancellationToken cancel)
    {
        var (text, _) = await GetAsync($"/v1/attestation?nonce={nonce}", cancel);
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("attestation", out var jws) && jws.ValueKind == JsonValueKind.String
                ? jws.GetString()!
                : throw new PollException("it answered without an attestation");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new PollException("it answered with something else than an attestation");
        }
    }

    /// <summary>The statements after a place, one page.</summary>
    /// <returns>Each as it would be posted, and whether the agent has more.</returns>
    /// <exception cref="PollException">There was no page.</exception>
    public async Task<(IReadOnlyList<ReadOnlyMemory<byte>> Statements, bool More)> StatementsAsync(Guid epoch, long after, CancellationToken cancel)
    {
        var (text, more) = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"/v1/heartbeats?after={after}&epoch={epoch:D}"), cancel);
        var statements = new List<ReadOnlyMemory<byte>>();
        for (ReadOnlyMemory<byte> rest = text; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            if (end != 0)
                statements.Add(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return (statements, more);
    }

    public void Dispose()
    {
        _http.Dispose();
        _own?.Dispose();
    }

    async Task<(byte[] Text, bool More)> GetAsync(string path, CancellationToken cancel)
    {
        _isStranger = false;
        try
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancel);
            if ((int)answer.StatusCode is >= 300 and < 400)
                throw new PollException(string.Create(CultureInfo.InvariantCulture, $"it sends the asker elsewhere (status {(int)answer.StatusCode}), where nobody follows"));
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new PollException(string.Create(CultureInfo.InvariantCulture, $"it answered with status {(int)answer.StatusCode}"));
            return (await answer.Content.ReadAsByteArrayAsync(cancel), answer.Headers.Contains("Link"));
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new PollException($"its answer is larger than {LargestPage} bytes, or says more in its head than anybody has to");
        }
        catch (HttpRequestException e)
        {
            throw _isStranger
                ? new PollException("whoever answers shows another certificate than the one that was pinned", isStranger: true)
                : new PollException($"no answer came ({e.HttpRequestError})");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PollException(string.Create(CultureInfo.InvariantCulture, $"no answer came within {Patience.TotalSeconds:0} s"));
        }
    }

    static X509Certificate2 ReadOwn(string file)
    {
        try
        {
            using var read = X509Certificate2.CreateFromPemFile(file);
            // Windows does not take a key that is only in memory for TLS.
            return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new PollException("the client certificate to show cannot be read on this server");
        }
    }
}

using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;

namespace Demo;

/// <summary>Reads what the audit server shows to anyone who asks it.</summary>
internal sealed class AuditServerView(Uri address) : IDisposable
{
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };

    public Uri Address => address;

    public Uri Keys { get; } = new(address, "/.well-known/jwks.json");

    public Uri Sites { get; } = new(address, "/v1/sites");

    /// <summary>The server's public keys as published; null while it does not answer.</summary>
    public Task<string?> KeysAsync(CancellationToken cancel) => ReadAsync(Keys, cancel);

    /// <summary>What is known of the site; null before its first heartbeat, and while the server does not answer.</summary>
    /// <exception cref="DemoFailedException">The receipt shown does not hold.</exception>
    public async Task<SiteAnswer?> SiteAsync(JwkSet keys, CancellationToken cancel)
    {
        if (await ReadAsync(Sites, cancel) is not { } sites)
            return null;
        using var document = JsonDocument.Parse(sites);
        var site = document.RootElement.GetProperty("sites").EnumerateArray().FirstOrDefault(s => s.GetProperty("site").GetString() == SiteConfiguration.SiteId);
        if (site.ValueKind == JsonValueKind.Undefined || site.GetProperty("receiptJws").GetString() is not { } jws)
            return null;
        var check = Jws.Verify(jws, StatementTypes.Receipt, keys.Find);
        if (check.Key is not { } signer)
            throw new DemoFailedException($"The audit server shows a receipt whose signature does not hold: {check.Message}");
        var receipt = ReceiptCodec.Decode(check.Payload);
        if (receipt.Entry != site.GetProperty("head").GetString())
            throw new DemoFailedException("The audit server shows a receipt that is for another heartbeat.");
        var heartbeat = HeartbeatCodec.Decode(Encoding.UTF8.GetBytes(site.GetProperty("heartbeat").GetRawText()));
        return new SiteAnswer(receipt.Seq, heartbeat, receipt, signer.Thumbprint);
    }

    public void Dispose() => _http.Dispose();

    async Task<string?> ReadAsync(Uri page, CancellationToken cancel)
    {
        try
        {
            return await _http.GetStringAsync(page, cancel);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

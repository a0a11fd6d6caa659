using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Agent.Auditing;

/// <summary>
/// The poll API's own listener: TLS, and hard limits on everything a stranger can send before it is known who it is. It has a container
/// of its own, so that a request reaches nothing of the agent but what is handed in here.
/// </summary>
internal sealed class PollListener(
    PollOptions options, X509Certificate2 certificate, Askers askers, AccessRegister register, PollRoutes routes, ILoggerFactory logs) : IHostedService, IAsyncDisposable
{
    const int MostConnections = 32;
    const int MostPagesAtOnce = 2;
    const int PagesWaiting = 4;

    // The longest request of ours is a timeline of a code and two instants.
    const int LongestRequestLine = 2048;
    const int LargestHeaders = 8192;
    const int MostHeaders = 32;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    WebApplication? _server;

    /// <summary>The address listened on, with the port that was given when none was asked for; null while it does not listen.</summary>
    public Uri? Address => _server?.Urls.Select(url => new Uri(url)).FirstOrDefault();

    /// <summary>SHA-256 of the certificate: what askers pin.</summary>
    public string CertificateFingerprint { get; } = PollCertificate.FingerprintOf(certificate);

    /// <exception cref="PollListenException">Nothing can listen there.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "retention-agent" });
        builder.Services.AddSingleton(logs);
        // An asker in the middle of a page does not hold up a stop.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Patience);
        builder.Services.AddRoutingCore();
        builder.Services.AddRateLimiter(Limit);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Bound);

        _server = builder.Build();
        var gate = new PollGate(askers, register, logs.CreateLogger<PollGate>());
        _server.UseRouting();
        _server.UseRateLimiter();
        _server.Use(next => context => gate.PassAsync(context, next));
        routes.Map(_server);
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new PollListenException($"poll.listen: nothing can listen on {options.Listen} ({e.GetBaseException().Message})", e);
        }

        logs.CreateLogger<PollListener>().LogInformation("The audit server may ask at {Address:l}; certificate {Fingerprint:l}", Address?.ToString(), CertificateFingerprint);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        certificate.Dispose();
    }

    /// <summary>The paths that are answered, as the routes name them.</summary>
    internal IEnumerable<string> Paths() => ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)_server!).DataSources
        .SelectMany(source => source.Endpoints).OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>().Select(e => e.RoutePattern.RawText!);

    void Bound(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestLineSize = LongestRequestLine;
        limits.MaxRequestHeadersTotalSize = LargestHeaders;
        limits.MaxRequestHeaderCount = MostHeaders;
        limits.RequestHeadersTimeout = Patience;
        limits.KeepAliveTimeout = Idle;
        kestrel.Listen(PollAddress.Parse(options.Listen!), listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
#pragma warning disable CA5398 // What an operating system still allows is older than this on some that recorders run on.
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
#pragma warning restore CA5398
                https.HandshakeTimeout = Patience;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                // The handshake has proved the key; whether the certificate is one of those pinned is answered as a request, so that
                // the refusal is registered and the asker hears the reason.
                https.AllowAnyClientCertificate();
                // Nobody's certificate makes the agent fetch anything.
                https.OnAuthenticate = (_, tls) => tls.CertificateChainPolicy = new X509ChainPolicy
                {
                    DisableCertificateDownloads = true,
                    RevocationMode = X509RevocationMode.NoCheck,
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                };
            });
        });
    }

    void Limit(RateLimiterOptions limiter)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = async (rejected, _) =>
        {
            var pause = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(pause.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await PollAnswer.RefuseAsync(rejected.HttpContext, PollRefusal.TooManyRequests);
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress ?? IPAddress.None,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = options.RequestsPerMinute, Window = TimeSpan.FromMinutes(1) }));
        limiter.AddConcurrencyLimiter(PollRoutes.Heavy, heavy => (heavy.PermitLimit, heavy.QueueLimit) = (MostPagesAtOnce, PagesWaiting));
    }
}

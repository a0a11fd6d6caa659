using Agent.Evidence.Statements;
using AuditServer.Assigning;
using AuditServer.Challenging;
using AuditServer.Databases;
using AuditServer.Enrolments;
using AuditServer.Fleet;
using AuditServer.Intake;
using AuditServer.Keys;
using AuditServer.Polling;
using AuditServer.Receipts;
using AuditServer.Silence;
using AuditServer.Sites;
using Serilog;

namespace AuditServer.Hosting;

/// <summary>The composition root: what exists, once each, and which path leads where.</summary>
static class AuditServerHost
{
    /// <summary>Builds the server; everything that can be wrong with its folders, key or database fails here, before it listens.</summary>
    public static WebApplication Build(ServerOptions options, TimeProvider time, Serilog.ILogger log)
    {
        Folders.CreatePrivate(options.Data);
        Folders.CreatePrivate(options.Agents);

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Host.UseSerilog(log);
        builder.WebHost.UseUrls(options.Urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = PostedJson.HardLimit;
        });
        builder.Services.AddProblemDetails();
        // Made by factories, so that the container also disposes of them.
        builder.Services.AddSingleton(_ => time);
        builder.Services.AddSingleton(_ => ReceiptKey.LoadOrCreate(options.KeyFile));
        builder.Services.AddSingleton(_ => EncryptionKey.LoadOrCreate(options.EncryptionKeyFile));
        builder.Services.AddSingleton(_ => Database(options));
        builder.Services.AddSingleton(services => new EvidenceStore(services.GetRequiredService<IEvidenceDatabase>(), time, log));
        builder.Services.AddSingleton(services => new EvidenceWriter(services.GetRequiredService<IEvidenceDatabase>(), log));
        builder.Services.AddSingleton<CommitmentSeal>();
        builder.Services.AddSingleton<ChallengeIntake>();
        builder.Services.AddSingleton(_ => options.Cadence);
        builder.Services.AddSingleton<Acceptance>();
        builder.Services.AddSingleton<KeyEndings>();
        builder.Services.AddSingleton<BelievedKeys>();
        builder.Services.AddSingleton(services => new EnrolmentAnswers(options.Name, services.GetRequiredService<ReceiptKey>(), services.GetRequiredService<EncryptionKey>()));
        builder.Services.AddSingleton<EnrolmentIntake>();
        builder.Services.AddSingleton(_ => new HeartbeatJudge(options.Policy));
        builder.Services.AddSingleton(_ => new PinnedAgents(options.Agents, log));
        builder.Services.AddSingleton(services => new ReceiptWriter(options.Name, services.GetRequiredService<ReceiptKey>()));
        builder.Services.AddSingleton<HeartbeatIntake>();
        builder.Services.AddSingleton<AttestationIntake>();
        builder.Services.AddSingleton(_ => options.Silence);
        builder.Services.AddHostedService<SilenceWatch>();
        builder.Services.AddHostedService<EvidenceWatch>();
        builder.Services.AddSingleton(_ => options.Challenges);
        builder.Services.AddHostedService<ChallengeWatch>();
        builder.Services.AddHostedService<CommitmentWatch>();
        builder.Services.AddHostedService<AssignmentWatch>();
        builder.Services.AddSingleton(_ => options.Polls);
        builder.Services.AddSingleton(_ => new PollTargets(options.PollFolder, log));
        builder.Services.AddHostedService<PollWatch>();
        builder.Services.AddHostedService<AttestWatch>();
        builder.Services.AddSingleton<FleetView>();
        builder.Services.AddSingleton<SiteHistory>();

        var server = builder.Build();
        server.UseExceptionHandler();
        server.UseStatusCodePages();
        HeartbeatEndpoint.Map(server);
        AttestationEndpoint.Map(server);
        EnrolmentEndpoint.Map(server);
        SiteHistory.Map(server);
        server.MapGet("/.well-known/jwks.json", (ReceiptKey key, EncryptionKey encryption) =>
            Results.Text(new JwkSet([key.Public]) { Encryption = encryption.Public }.ToJson(), "application/json"));
        server.MapGet("/v1/sites", (FleetView fleet) => Results.Json(new { sites = fleet.Read() }));
        server.MapGet("/healthz", (EvidenceStore evidence) => evidence.IsReadable()
            ? Results.Text("ok")
            : Results.Text("The evidence cannot be read.", statusCode: StatusCodes.Status503ServiceUnavailable));

        server.Services.GetRequiredService<IEvidenceDatabase>().Prepare();
        var publicKey = server.Services.GetRequiredService<ReceiptKey>().Public;
        _ = server.Services.GetRequiredService<EncryptionKey>();
        var pinned = server.Services.GetRequiredService<BelievedKeys>().All().Count;
        log.Information("Audit server {Name} signs receipts with key {Kid}; {Pinned} agent keys are pinned or enrolled", options.Name, publicKey.Thumbprint, pinned);
        return server;
    }

    internal static IEvidenceDatabase Database(ServerOptions options) =>
        options.Database is { } connection ? new PostgresStore(connection) : new SqliteStore(options.EvidenceFile);
}

using Agent.Auditing;
using Agent.Delivery;
using Agent.Evidence.Verdicts;
using Agent.Keys;
using Agent.Ledger;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Probing.Files.Indexing;
using Agent.Probing.Files.Volumes;
using Agent.Probing.Onvif;
using Agent.Recorders;
using Agent.Rounds;
using Agent.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Serilog;

namespace Agent.Hosting;

/// <summary>Puts the service together: everything that exists once, in the order in which it depends on each other.</summary>
internal static class AgentHost
{
    /// <summary>Builds the service. Keys and ledger are opened here, so that a service that starts can claim.</summary>
    /// <exception cref="KeyFileException">The agent's key or name cannot be used.</exception>
    /// <exception cref="LedgerDamagedException">The ledger does not hold.</exception>
    /// <exception cref="LedgerRefusedException">The ledger is another agent's.</exception>
    public static IHost Build(AgentConfiguration configuration, TimeProvider time, Serilog.ILogger log)
    {
        var options = configuration.Options;
        // No configuration sources and no defaults: the one file that was validated is all there is.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "retention-agent" });
        builder.Services.AddSystemd();
        builder.Services.AddWindowsService(service => service.ServiceName = "RetentionAgent");
        builder.Services.AddSerilog(log);

        var steady = new SteadyTime(time);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(steady);
        builder.Services.AddSingleton(configuration);
        builder.Services.AddSingleton(configuration.Recorders);
        builder.Services.AddSingleton(options.Upstream);
        builder.Services.AddSingleton(_ => AgentIdentity.Open(options.DataDirectory, options.Site.Id));
        builder.Services.AddSingleton(new RecorderLogins(options.Recorders, KeptSecrets.Open(options.DataDirectory)));
        builder.Services.AddSingleton(CameraCodes.Open(options.DataDirectory));
        builder.Services.AddSingleton(s => LedgerStore.Open(options.DataDirectory, s.GetRequiredService<AgentIdentity>(), time));
        builder.Services.AddSingleton(s => new KeyLedger(
            () => s.GetRequiredService<LedgerStore>().Read.Began, () => IsKnown(options.DataDirectory, s.GetRequiredService<LedgerStore>()), () => s.GetRequiredService<LedgerStore>().AppendKeyRotation()));
        builder.Services.AddSingleton(s => new KeyRotationRound(
            options.DataDirectory, s.GetRequiredService<AgentIdentity>(), options.Keys, s.GetRequiredService<KeyLedger>(), time, s.GetRequiredService<ILogger<KeyRotationRound>>()));

        builder.Services.AddSingleton<CameraLabels>();
        builder.Services.AddSingleton(options.SecondOpinion);
        builder.Services.AddSingleton<SecondOpinion>();
        builder.Services.AddSingleton(_ => new DirectoryIndexes(options.DataDirectory));
        builder.Services.AddSingleton(_ => new InferredZones(options.DataDirectory));
        builder.Services.AddSingleton<FilesProbe>();
        builder.Services.AddSingleton(options.Storage);
        builder.Services.AddSingleton(new VolumeMemory(options.DataDirectory));
        builder.Services.AddSingleton<ReadingThreads>();
        builder.Services.AddSingleton<VolumeWatch>();
        builder.Services.AddSingleton(s => new RecorderLook(
            s.GetRequiredService<FilesProbe>(), s.GetRequiredService<VolumeWatch>(), s.GetRequiredService<ReadingThreads>(), options.Storage, time, options.Storage.FilesPerSecond));
        builder.Services.AddSingleton<OnvifTransport>();
        builder.Services.AddSingleton<IRecorderProbe>(s => new RecorderWitnesses(
            s.GetRequiredService<RecorderLook>(), new ProfileGProbe(s.GetRequiredService<OnvifTransport>(), s.GetRequiredService<RecorderLogins>().Of, options.Onvif, time)));
        builder.Services.AddSingleton(s => new Measurement(
            options.Policy, new SiteCalendar(configuration.Zone), commissioned: null, AssignedDays(s.GetRequiredService<Assignments>(), s.GetRequiredService<CameraLabels>())));
        builder.Services.AddSingleton(_ => new Assignments(options.DataDirectory));
        builder.Services.AddSingleton<RoundResults>();
        builder.Services.AddSingleton(new SightingStore(options.DataDirectory));
        builder.Services.AddSingleton<RetentionRound>();

        builder.Services.AddSingleton<HeartbeatContent>();
        builder.Services.AddSingleton<HeartbeatBody>(s => s.GetRequiredService<HeartbeatContent>().Body);
        builder.Services.AddSingleton<AttestationContent>();
        builder.Services.AddSingleton<Attest>(s => s.GetRequiredService<AttestationContent>().Sign);
        builder.Services.AddSingleton<HeartbeatDue>();
        builder.Services.AddSingleton<AskAnswers>();
        builder.Services.AddSingleton(_ => ReceiptKeys.Open(options.Upstream, options.DataDirectory));
        builder.Services.AddSingleton(options.Challenge);
        builder.Services.AddSingleton<SampleReader>();
        builder.Services.AddSingleton<AccessRegister>();
        builder.Services.AddSingleton<ReadRecorder>(s => s.GetRequiredService<RecorderLook>().ReadAsync);
        builder.Services.AddSingleton<ChallengeRound>();
        builder.Services.AddSingleton(s => new CommitmentRound(
            options.Challenge, [.. configuration.Recorders.Where(r => r.HasFolder)], s.GetRequiredService<CameraLabels>(), s.GetRequiredService<LedgerStore>(), s.GetRequiredService<SampleReader>(),
            () => s.GetRequiredService<ReceiptKeys>().Encryption, s.GetRequiredService<ReadRecorder>(), time, s.GetRequiredService<ILogger<CommitmentRound>>()));
        if (options.Upstream.Url is { } url)
        {
            builder.Services.AddSingleton(s => new UpstreamClient(new Uri(url), new UpstreamResilience(options.Upstream, steady), time));
            builder.Services.AddSingleton(s => new Outbox(
                s.GetRequiredService<LedgerStore>(), s.GetRequiredService<UpstreamClient>(), s.GetRequiredService<ReceiptKeys>(), time,
                s.GetRequiredService<Attest>(), s.GetRequiredService<AskAnswers>().AnswerAsync, () => s.GetRequiredService<RetentionRound>().IsRunning));
        }
        builder.Services.AddSingleton(s => new DeliveryWords(s.GetRequiredService<ILogger<DeliveryWords>>(), time));
        builder.Services.AddSingleton(s => new HeartbeatRound(
            s.GetRequiredService<LedgerStore>(), s.GetService<Outbox>(), s.GetRequiredService<HeartbeatBody>(), s.GetRequiredService<DeliveryWords>(), s.GetRequiredService<HeartbeatDue>()));

        builder.Services.AddSingleton(s => new ReceiptInboxRound(
            options.DataDirectory, s.GetRequiredService<LedgerStore>(), s.GetRequiredService<ReceiptKeys>(), s.GetRequiredService<AskAnswers>().AnswerAsync,
            s.GetRequiredService<ILogger<ReceiptInboxRound>>()));

        builder.Services.AddHostedService<AgentLife>();
        Polling.Register(builder.Services, configuration, time);
        builder.Services.AddSingleton(s => new StatusContent(
            configuration, s.GetRequiredService<RoundResults>(), s.GetRequiredService<Measurement>(), s.GetRequiredService<CameraLabels>(), s.GetRequiredService<LedgerStore>(),
            s.GetRequiredService<AgentIdentity>(), s.GetRequiredService<HeartbeatRound>(), s.GetService<PollListener>(), s.GetRequiredService<JobTimes>(), time));
        builder.Services.AddSingleton<TakeStatus>(s => s.GetRequiredService<StatusContent>().Take);
        builder.Services.AddHostedService(s => new StatusWriter(
            options.DataDirectory, s.GetRequiredService<TakeStatus>(), s.GetRequiredService<RoundResults>(), time, s.GetRequiredService<ILogger<StatusWriter>>()));
        Watch(builder.Services, Schedule.JobsOf(configuration), steady);
        Schedule.Register(builder.Services, configuration, steady);
        var host = builder.Build();
        _ = host.Services.GetRequiredService<LedgerStore>(); // opens identity and ledger now, not at the first job
        return host;
    }

    /// <summary>Whether an audit server knows the agent's key: from enrolment on, and where it was pinned by hand, from the first receipt on.</summary>
    internal static bool IsKnown(string directory, LedgerStore ledger) => EnrolledServer.Read(directory) is not null || ledger.Read.Counts.Receipted > 0;

    // Independent of the scheduler but for the one thing it may ask of it.
    static void Watch(IServiceCollection services, IReadOnlyList<ScheduledJob> jobs, SteadyTime time)
    {
        services.AddSingleton(new JobTimes(jobs, time));
        services.AddHostedService(s => new Watchdog(
            s.GetRequiredService<JobTimes>(), name => Schedule.RenewAsync(s, jobs.Single(job => job.Name == name), time),
            () => Fail(s.GetRequiredService<IHostApplicationLifetime>()), Environment.FailFast, s.GetService<ISystemdNotifier>(), time, s.GetRequiredService<ILogger<Watchdog>>()));
    }

    static void Fail(IHostApplicationLifetime lifetime)
    {
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    static Func<string, string, int?> AssignedDays(Assignments assignments, CameraLabels labels) => (recorder, camera) => assignments.For(labels.CodeOf(recorder, camera));
}

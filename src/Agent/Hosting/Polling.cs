using Agent.Auditing;
using Agent.Evidence.Timelines;
using Agent.Keys;
using Agent.Ledger;
using Agent.Recorders;
using Agent.Rounds;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Agent.Hosting;

/// <summary>Puts the poll API together: what the audit server may ask for, and nothing else of the agent.</summary>
internal static class Polling
{
    public static void Register(IServiceCollection services, AgentConfiguration configuration, TimeProvider time)
    {
        var options = configuration.Options.Poll;
        if (options.Listen is not { } listen)
            return;

        services.AddSingleton<FindCamera>(s => code => Find(s.GetRequiredService<RoundResults>(), s.GetRequiredService<CameraLabels>(), code));
        services.AddSingleton(s => new PollRoutes(
            new AttestationAnswer(s.GetRequiredService<Attest>(), new AnsweredNonces()),
            new LedgerPages(s.GetRequiredService<LedgerStore>()),
            new TimelineAnswer(s.GetRequiredService<FindCamera>()),
            s.GetRequiredService<AgentIdentity>()));
        services.AddSingleton(s => new PollListener(
            options,
            PollCertificate.Open(configuration.Options.DataDirectory, PollAddress.Parse(listen).Address, time),
            new Askers(options, time),
            new AccessRegister(s.GetRequiredService<LedgerStore>(), time),
            s.GetRequiredService<PollRoutes>(),
            s.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<PollListener>());
    }

    /// <summary>The newest measurement of the camera of a code; null when there is none.</summary>
    internal static MeasuredCamera? Find(RoundResults results, CameraLabels labels, string code) =>
        results.Latest.SelectMany(r => r.Cameras).FirstOrDefault(c => labels.CodeOf(c.Recorder, c.Camera) == code) is { } report
            ? new MeasuredCamera(code, report.Footage?.Observation.Kind ?? TrackKind.Video, report.Evidence.LookedAt, report.Evidence.Timeline)
            : null;
}

using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;
using Agent.Hosting;
using Agent.Keys;
using Agent.Ledger;
using Agent.Rounds;
using Agent.Status;
using Agent.Tests.Evidence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;
using Quartz;
using Serilog;
using Serilog.Core;

namespace Agent.Tests.Hosting;

/// <summary>The whole agent with its real scheduler, on a clock that is set while it runs. Rounds and ticks are due every ten seconds.</summary>
internal sealed class ScheduleClockTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    static readonly string[] Frequent = ["round recordings", "tick"];
    static readonly string[] Minutely = ["heartbeat", "delivery"];
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static readonly TimeSpan[] Steps =
    [
        .. new[] { TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(365), TimeSpan.FromDays(3650) }.SelectMany(step => new[] { -step, step }),
    ];

    readonly TemporaryFolder _folder = new();
    readonly Logger _log = new LoggerConfiguration().CreateLogger();

    string Data => Path.Combine(_folder.Path, "data");

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task However_the_clock_is_set_everything_scheduled_runs_within_two_of_its_periods()
    {
        var clock = new TurnedClock(Start);
        using var host = await StartAsync(clock);
        foreach (var step in Steps)
        {
            clock.Turn(step);
            await RunAgainAsync($"after a step of {step}", host, clock, [.. Frequent, .. Minutely]);
        }

        Assert.That(host.Services.GetRequiredService<LedgerStore>().Read.ClockSteps().Select(s => s.Size), Is.EqualTo(Steps));
        Assert.That(host.Services.GetRequiredService<JobTimes>().Look().Select(job => job.Standing), Is.All.EqualTo(JobStanding.OnTime));
        await host.StopAsync();
    }

    [TestCase(-3650)]
    [TestCase(3650)]
    public async Task What_the_clock_jumped_over_is_not_certified(int days)
    {
        var clock = new TurnedClock(Start);
        using var host = await StartAsync(clock);
        Assert.That(Camera(host).Findings.Select(f => f.Code), Does.Not.Contain(FindingCode.ClockStepped));

        clock.Turn(TimeSpan.FromDays(days));
        await PassAsync(host, clock, periods: 2);

        Assert.That(Camera(host).Findings.Select(f => f.Code), Does.Contain(FindingCode.ClockStepped));
        Assert.That(Camera(host).Assessment.Binding.Verdict, Is.EqualTo(Verdict.Undetermined));
        await host.StopAsync();
    }

    [Test]
    public async Task A_machine_that_wakes_in_1970_measures_and_goes_on_when_its_clock_is_right_again()
    {
        using (var identity = AgentIdentity.Open(Data, "HZ-0571-0001"))
        using (var ledger = LedgerStore.Open(Data, identity, new TurnedClock(Start), "the-boot-before"))
            ledger.AppendStart("0.1.0", new string('a', 64), new string('b', 64));
        var clock = new TurnedClock(DateTimeOffset.UnixEpoch);
        using var host = await StartAsync(clock);
        await PassAsync(host, clock, periods: 3);
        Assert.That(Camera(host).Assessment.Binding.Verdict, Is.EqualTo(Verdict.Undetermined));

        clock.Turn(Start.AddHours(2) - DateTimeOffset.UnixEpoch);
        await PassAsync(host, clock, periods: 3);

        Assert.That(
            host.Services.GetRequiredService<LedgerStore>().Read.ClockSteps().Select(s => (s.SameBoot, s.Size)),
            Is.EqualTo(new[] { (false, DateTimeOffset.UnixEpoch - Start), (true, Start.AddHours(2) - DateTimeOffset.UnixEpoch) }));
        await host.StopAsync();
    }

    [Test]
    public async Task A_trigger_that_never_fires_again_is_made_anew()
    {
        var clock = new TurnedClock(Start);
        using var host = await StartAsync(clock);
        var scheduler = await host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        await scheduler.PauseTrigger(new TriggerKey("tick"));
        var before = Runs(host)["tick"];

        await UntilAsync("the tick runs again", () => Runs(host)["tick"] > before, () => clock.Advance(Period));
        await PassAsync(host, clock, periods: 3);

        Assert.That(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested, Is.False);
        await host.StopAsync();
    }

    [Test]
    public async Task A_schedule_that_stands_still_ends_the_agent_as_failed()
    {
        var clock = new TurnedClock(Start);
        using var host = await StartAsync(clock);
        var scheduler = await host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        await scheduler.Standby();
        try
        {
            var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await UntilAsync("the agent ends", () => stopping.IsCancellationRequested, () => clock.Advance(Period));
            Assert.That(Environment.ExitCode, Is.EqualTo(1));
        }
        finally
        {
            Environment.ExitCode = 0;
        }

        await host.StopAsync();
    }

    [Test]
    public async Task An_audit_server_that_never_answers_keeps_no_tick_waiting()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var clock = new TurnedClock(Start);
        using var host = await StartAsync(clock, $"http://{silent.LocalEndpoint}");

        await PassAsync(host, clock, periods: 18);

        Assert.That(host.Services.GetRequiredService<LedgerStore>().Read.Counts.Pending, Is.GreaterThanOrEqualTo(18));
        await host.StopAsync();
    }

    async Task<IHost> StartAsync(TurnedClock clock, string? upstream = null)
    {
        using var key = TestKeys.Server();
        Directory.CreateDirectory(Path.Combine(_folder.Path, "recordings"));
        var file = _folder.Write("agent.json", new JsonObject
        {
            ["site"] = new JsonObject { ["id"] = "HZ-0571-0001", ["timeZone"] = "Asia/Shanghai" },
            ["dataDirectory"] = Data,
            ["rounds"] = new JsonObject { ["every"] = "00:00:10" },
            ["upstream"] = new JsonObject { ["url"] = upstream, ["receiptKeys"] = _folder.Write("keys.json", $$"""{"keys":[{{Jwk.FromKey(key).ToJson()}}]}"""), ["every"] = "00:01:00", ["tickEvery"] = "00:00:10" },
            ["recorders"] = new JsonArray(new JsonObject
            {
                ["id"] = "recordings", ["path"] = Path.Combine(_folder.Path, "recordings"), ["cameras"] = new JsonArray(new JsonObject { ["camera"] = "front_door" }),
            }),
        }.ToJsonString());
        var host = AgentHost.Build(AgentConfiguration.Read(file), clock, _log);
        await host.StartAsync();
        await UntilAsync("the first round", () => Runs(host)["round recordings"] > 0, () => { });
        return host;
    }

    static async Task PassAsync(IHost host, TurnedClock clock, int periods)
    {
        for (; periods > 0; periods--)
            await RunAgainAsync("as always", host, clock, Frequent);
    }

    // In step with the scheduler: time passes in bits, and after two of its periods a job must have run however slow this machine is.
    static async Task RunAgainAsync(string when, IHost host, TurnedClock clock, params string[] jobs)
    {
        var before = Runs(host);
        var left = jobs.ToList();
        for (var passed = TimeSpan.Zero; left.Count > 0; passed += Period / 2)
        {
            clock.Advance(Period / 2);
            var due = left.Where(job => passed + (Period / 2) >= 2 * PeriodOf(job)).ToList();
            await UntilAsync($"{string.Join(", ", due)} within two periods, {when}", () => due.All(HasRun), () => { });
            await HopeAsync(() => left.All(HasRun));
            left.RemoveAll(HasRun);
        }

        bool HasRun(string job) => Runs(host)[job] > before[job];
    }

    static TimeSpan PeriodOf(string job) => Minutely.Contains(job) ? TimeSpan.FromMinutes(1) : Period;

    static async Task HopeAsync(Func<bool> isSo)
    {
        for (var i = 0; i < 6 && !isSo(); i++)
            await Task.Delay(TimeSpan.FromMilliseconds(10));
    }

    static Dictionary<string, long> Runs(IHost host) => host.Services.GetRequiredService<JobTimes>().Look().ToDictionary(job => job.Job, job => job.Runs);

    static CameraReport Camera(IHost host) => host.Services.GetRequiredService<RoundResults>().Latest.Single().Cameras.Single();

    static async Task UntilAsync(string what, Func<bool> isSo, Action meanwhile)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.That(TimeProvider.System.GetElapsedTime(began), Is.LessThan(Patience), what);
            meanwhile();
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }
}

using System.Collections.Concurrent;
using Agent.Hosting;
using Agent.Status;
using Agent.Tests.AuditServer;
using Microsoft.Extensions.Hosting.Systemd;
using NUnit.Framework;
using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;

namespace Agent.Tests.Hosting;

/// <summary>A job that should run every minute, and that takes at most ten.</summary>
internal sealed class WatchdogTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly TurnedClock _clock = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    readonly ErrorLog _errors = new();
    readonly Logger _log;
    readonly SerilogLoggerFactory _logs;
    readonly ConcurrentQueue<string> _renewed = new();
    readonly ConcurrentQueue<string> _ended = new();
    readonly Listener _manager = new();
    readonly JobTimes _times;
    readonly Watchdog _watchdog;
    int _failed;

    public WatchdogTests()
    {
        _log = new LoggerConfiguration().WriteTo.Sink(_errors).CreateLogger();
        _logs = new SerilogLoggerFactory(_log);
        _times = new JobTimes([new ScheduledJob("tick", typeof(object), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10))], _clock);
        _watchdog = new Watchdog(_times, RenewAsync, () => _failed++, _ended.Enqueue, _manager, _clock, new Microsoft.Extensions.Logging.Logger<Watchdog>(_logs));
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        _logs.Dispose();
        _log.Dispose();
    }

    [Test]
    public void While_a_job_runs_in_its_time_the_service_manager_hears_that_all_is_well()
    {
        for (var i = 0; i < 5; i++)
        {
            Run();
            Pass(TimeSpan.FromMinutes(1));
        }

        Assert.That(_manager.Heard, Is.EqualTo(Enumerable.Repeat("WATCHDOG=1", 5)));
        Assert.That(_times.Look().Single(), Is.EqualTo(new JobStatus("tick", JobStanding.OnTime, 5, 60, null, 60, 0)));
    }

    [TestCase(-3650)]
    [TestCase(3650)]
    public void Setting_the_clock_makes_nothing_late(int days)
    {
        Run();
        _clock.Turn(TimeSpan.FromDays(days));
        Pass(Patience);

        Assert.That((_manager.Heard.Count, _renewed.Count, _failed), Is.EqualTo((1, 0, 0)));
    }

    [Test]
    public async Task A_job_that_is_late_is_scheduled_anew_and_when_that_helps_all_is_well_again()
    {
        Run();
        Pass(Patience + TimeSpan.FromSeconds(1));
        await RenewedAsync();
        Pass(TimeSpan.FromSeconds(10));
        Assert.That(_manager.Heard, Is.Empty, "not while it is late");
        Assert.That(_errors.Errors.Single(), Does.Contain("'tick' should run every 60 s and has not for 121 s: it is scheduled anew"));

        Run();
        Pass(Patience);

        Assert.That((_manager.Heard.Count, _renewed.Count, _failed), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public async Task Where_scheduling_anew_does_not_help_the_agent_fails_and_says_because_of_which_job()
    {
        Pass(Patience + TimeSpan.FromSeconds(1));
        await RenewedAsync();
        Pass(Patience);
        Assert.That(_failed, Is.Zero);
        Pass(TimeSpan.FromSeconds(1));
        Pass(TimeSpan.FromSeconds(1));

        Assert.That((_failed, _renewed.Count, _manager.Heard.Count), Is.EqualTo((1, 1, 0)));
        Assert.That(_errors.Errors.Last(), Does.Contain("'tick' should run every 60 s and never has").And.Contain("the agent ends"));
    }

    [Test]
    public async Task A_late_job_that_has_once_recovered_gets_both_its_chances_again()
    {
        Pass(Patience + TimeSpan.FromSeconds(1));
        await RenewedAsync();
        Run();
        Pass(Patience + TimeSpan.FromSeconds(1));
        await RenewedAsync(times: 2);

        Assert.That(_failed, Is.Zero);
    }

    [Test]
    public async Task A_job_that_does_not_end_fails_the_agent_and_one_that_only_takes_long_does_not()
    {
        _times.Begin("tick");
        Pass(TimeSpan.FromMinutes(10));
        Assert.That((_failed, _manager.Heard.Count), Is.EqualTo((0, 1)));

        Pass(TimeSpan.FromSeconds(1));

        Assert.That((_failed, _renewed.Count), Is.EqualTo((1, 0)));
        Assert.That(_errors.Errors.Single(), Does.Contain("'tick' has been running for 601 s"));

        _clock.Advance(TimeSpan.FromSeconds(44));
        Assert.That(_ended, Is.Empty);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => _ended.Count == 1);
        Assert.That(_ended.Single(), Does.Contain("did not stop within 45 s").And.Contain("'tick'"));
    }

    void Run()
    {
        _times.Begin("tick");
        _times.End("tick");
    }

    void Pass(TimeSpan time)
    {
        _clock.Advance(time);
        _watchdog.Look();
    }

    Task RenewAsync(string job)
    {
        _renewed.Enqueue(job);
        return Task.CompletedTask;
    }

    Task RenewedAsync(int times = 1) => UntilAsync(() => _renewed.Count == times);

    static async Task UntilAsync(Func<bool> isSo)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
    }

    sealed class Listener : ISystemdNotifier
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public bool IsEnabled => true;

        public void Notify(ServiceState state) => Heard.Enqueue(state.ToString());
    }
}

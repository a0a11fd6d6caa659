using System.Collections.Concurrent;
using Agent.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Quartz;

namespace Agent.Tests.Hosting;

/// <summary>A round that may find something, and what is to follow it, on a real scheduler.</summary>
internal sealed class FollowingJobTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static readonly ScheduledJob[] Jobs =
    [
        new("first", typeof(First), TimeSpan.FromHours(1), TimeSpan.FromHours(1), Then: "second"),
        new("second", typeof(Second), TimeSpan.FromHours(1), TimeSpan.FromHours(1)),
    ];

    readonly Steps _steps = new();
    readonly Errors _errors = new();
    ServiceProvider? _services;

    public void Dispose() => _services?.Dispose();

    [Test]
    public async Task What_follows_runs_when_there_is_something_to_follow_and_not_otherwise()
    {
        var scheduler = await StartAsync();

        await scheduler.TriggerJob(new JobKey("first"), new JobDataMap { ["finds"] = false });
        _steps.Go.Release();
        await UntilAsync(() => _steps.Done is ["first"]);
        await scheduler.TriggerJob(new JobKey("first"), new JobDataMap { ["finds"] = true });
        _steps.Go.Release();
        await UntilAsync(() => _steps.Done is ["first", "first", "second"]);

        await scheduler.Shutdown(waitForJobsToComplete: true);
        Assert.That(_errors.Told, Is.Empty);
    }

    [Test]
    public async Task A_job_that_ends_while_the_scheduler_stops_is_followed_by_nothing_and_that_is_no_error()
    {
        var scheduler = await StartAsync();
        await scheduler.TriggerJob(new JobKey("first"), new JobDataMap { ["finds"] = true });
        await UntilAsync(() => _steps.Begun);

        var stop = scheduler.Shutdown(waitForJobsToComplete: true).AsTask();
        await UntilAsync(() => scheduler.Status is SchedulerStatus.ShuttingDown or SchedulerStatus.Shutdown);
        _steps.Go.Release();
        await stop;

        Assert.That(_steps.Done, Is.EqualTo(["first"]));
        Assert.That(_errors.Told, Is.Empty);
    }

    async Task<IScheduler> StartAsync()
    {
        _services = new ServiceCollection().AddLogging().AddSingleton(_steps).AddQuartz(quartz =>
        {
            quartz.AddJobListener(new FollowingJob(Jobs));
            quartz.AddSchedulerListener(_errors);
            foreach (var job in Jobs)
                quartz.AddJob(job.Type, detail => detail.WithIdentity(job.Name).StoreDurably());
        }).BuildServiceProvider();
        var scheduler = await _services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        await scheduler.Start();
        return scheduler;
    }

    static async Task UntilAsync(Func<bool> isSo)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!isSo())
            await Task.Delay(10, deadline.Token);
    }

    sealed class Steps
    {
        readonly ConcurrentQueue<string> _done = new();

        public SemaphoreSlim Go { get; } = new(0);

        public bool Begun { get; set; }

        public string[] Done => [.. _done];

        public void Add(string name) => _done.Enqueue(name);
    }

    sealed class First(Steps steps) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            steps.Begun = true;
            await steps.Go.WaitAsync(Patience, CancellationToken.None);
            context.Result = context.MergedJobDataMap.GetBoolean("finds");
            steps.Add("first");
        }
    }

    sealed class Second(Steps steps) : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            steps.Add("second");
            return ValueTask.CompletedTask;
        }
    }

    sealed class Errors : ISchedulerListener
    {
        readonly ConcurrentQueue<string> _told = new();

        public string[] Told => [.. _told];

        public ValueTask SchedulerError(IScheduler scheduler, SchedulerErrorContext error, CancellationToken cancellationToken = default)
        {
            _told.Enqueue($"{error}");
            return ValueTask.CompletedTask;
        }
    }
}

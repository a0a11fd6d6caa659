using Agent.Auditing;
using Agent.Delivery;
using Agent.Keys;
using Agent.Ledger;
using Agent.Rounds;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Agent.Hosting;

/// <summary>Every job and trigger of the agent, on one page. Nothing here is durable: what must survive is in the ledger.</summary>
internal static class Schedule
{
    // The outbox is looked at this often, so that an audit server that is back is not kept waiting for the next statement.
    static readonly TimeSpan DeliverEvery = TimeSpan.FromMinutes(1);

    // Receipts that somebody carried here are taken within this.
    static readonly TimeSpan ReceiptInbox = TimeSpan.FromSeconds(10);

    // A key rotation that somebody asked for is done within this.
    static readonly TimeSpan Rotation = TimeSpan.FromSeconds(20);

    // Rare, because it reads everything: the opening sees what broke lately, this sees what broke long ago.
    static readonly TimeSpan LedgerCheck = TimeSpan.FromDays(1);

    // What only appends an entry or two is done in seconds. The first look at a large recorder over a slow network takes hours, and
    // must not be taken for one that hangs.
    static readonly TimeSpan Writing = TimeSpan.FromMinutes(15);
    static readonly TimeSpan Reading = TimeSpan.FromHours(6);

    const string Heartbeat = "heartbeat";
    const string Delivering = "delivery";

    /// <summary>What runs, and what is expected of it.</summary>
    public static IReadOnlyList<ScheduledJob> JobsOf(AgentConfiguration configuration)
    {
        var options = configuration.Options;
        return
        [
            // A round of each recorder, from the start on. A recorder never has two at a time.
            .. configuration.Recorders.Select(r => new ScheduledJob($"round {r.Id}", typeof(RoundJob), options.Rounds.Every, Reading, Recorder: r.Id, Then: Heartbeat)),
            // Evidence goes out at every change of verdict and at least this often.
            new(Heartbeat, typeof(HeartbeatJob), options.Upstream.Every, Writing, AtOnce: false, Then: Delivering),
            // A sign of life even when nothing else happens, so that silence is something that can be seen.
            new("tick", typeof(TickJob), options.Upstream.TickEvery, Writing, AtOnce: false, Then: Delivering),
            new(Delivering, typeof(DeliveryJob), DeliverEvery, Outbox.LongestTurn + options.Upstream.LongestDelivery + Writing),
            new("commitment", typeof(CommitmentJob), options.Challenge.LookEvery, Reading),
            // A month of receipts carried here at once is as many commits.
            new("receipt inbox", typeof(ReceiptInboxJob), ReceiptInbox, Reading),
            new("key rotation", typeof(KeyRotationJob), Rotation, Writing),
            new("ledger check", typeof(LedgerCheckJob), LedgerCheck, Reading, AtOnce: false),
        ];
    }

    public static void Register(IServiceCollection services, AgentConfiguration configuration, SteadyTime time)
    {
        var jobs = JobsOf(configuration);
        services.AddQuartz(quartz =>
        {
            quartz.UseTimeProvider(time);
            // A place for each, so that no number of recorders that are slow today keeps a tick waiting.
            quartz.UseDefaultThreadPool(jobs.Count + 1);
            quartz.AddJobListener<FailedJob>();
            quartz.AddJobListener<WatchedJob>();
            quartz.AddJobListener(new FollowingJob(jobs));
            // A stop waits for the jobs, so they are told: an audit server that is silent must not hold it up for minutes.
            quartz.ConfigureScheduler(scheduler => scheduler.ShutdownJobInterruption = ShutdownJobInterruption.WhenWaitingForJobs);
            foreach (var job in jobs)
                Add(quartz, job, time);
        });
        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
    }

    /// <summary>Makes the trigger of a job anew, due at once.</summary>
    public static async Task RenewAsync(IServiceProvider services, ScheduledJob job, SteadyTime time)
    {
        var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        await scheduler.RescheduleJob(new TriggerKey(job.Name), TriggerBuilder.Create()
            .ForJob(job.Name).WithIdentity(job.Name).StartAt(time.GetUtcNow()).WithSimpleSchedule(s => Forever(s, job.Every)).Build());
    }

    static void Add(IQuartzBuilder quartz, ScheduledJob job, SteadyTime time)
    {
        // Durable, because a job whose trigger is made anew is for a moment without one.
        quartz.AddJob(job.Type, detail =>
        {
            detail.WithIdentity(job.Name).StoreDurably();
            if (job.Recorder is not null)
                detail.UsingJobData(RoundJob.RecorderKey, job.Recorder);
        });
        quartz.AddTrigger(trigger => trigger.ForJob(job.Name).WithIdentity(job.Name)
            .StartAt(job.AtOnce ? time.GetUtcNow() : time.GetUtcNow() + job.Every).WithSimpleSchedule(s => Forever(s, job.Every)));
    }

    // A round that was late is not made up for: the next one sees the same footage.
    static void Forever(SimpleScheduleBuilder schedule, TimeSpan every) =>
        schedule.WithInterval(every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount);
}

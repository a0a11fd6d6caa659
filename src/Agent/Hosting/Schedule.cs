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
    // The outbox is looked at this often, so that an audit server that is back is not kept waiting for the next heartbeat.
    static readonly TimeSpan Delivery = TimeSpan.FromMinutes(1);

    // Receipts that somebody carried here are taken within this.
    static readonly TimeSpan ReceiptInbox = TimeSpan.FromSeconds(10);

    // A key rotation that somebody asked for is done within this.
    static readonly TimeSpan Rotation = TimeSpan.FromSeconds(20);

    // Rare, because it reads everything: the opening sees what broke lately, this sees what broke long ago.
    static readonly TimeSpan LedgerCheck = TimeSpan.FromDays(1);

    public static void Register(IServiceCollection services, AgentConfiguration configuration, TimeProvider time)
    {
        services.AddQuartz(quartz =>
        {
            quartz.UseTimeProvider(time);
            quartz.AddJobListener<FailedJob>();
            // A stop waits for the jobs, so they are told: an audit server that is silent must not hold it up for minutes.
            quartz.ConfigureScheduler(scheduler => scheduler.ShutdownJobInterruption = ShutdownJobInterruption.WhenWaitingForJobs);
            Add(quartz, configuration, time);
        });
        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
    }

    static void Add(IQuartzBuilder quartz, AgentConfiguration configuration, TimeProvider time)
    {
        // A round of each recorder, from the start on. A recorder never has two at a time.
        foreach (var recorder in configuration.Recorders)
        {
            var key = new JobKey($"round {recorder.Id}");
            quartz.AddJob<RoundJob>(job => job.WithIdentity(key).UsingJobData(RoundJob.RecorderKey, recorder.Id));
            quartz.AddTrigger(trigger => trigger.ForJob(key).WithIdentity(key.Name).StartNow().WithSimpleSchedule(s => Forever(s, configuration.Options.Rounds.Every)));
        }

        // Evidence goes out at every change of verdict (the rounds ask for it) and at least this often.
        quartz.AddJob<HeartbeatJob>(job => job.WithIdentity(RoundJob.OnChange).StoreDurably());
        quartz.AddTrigger(trigger => trigger.ForJob(RoundJob.OnChange).WithIdentity("heartbeat")
            .StartAt(time.GetUtcNow() + configuration.Options.Upstream.Every)
            .WithSimpleSchedule(s => Forever(s, configuration.Options.Upstream.Every)));

        // A sign of life even when nothing else happens, so that silence is something that can be seen.
        var tick = new JobKey("tick");
        quartz.AddJob<TickJob>(job => job.WithIdentity(tick));
        quartz.AddTrigger(trigger => trigger.ForJob(tick).WithIdentity(tick.Name)
            .StartAt(time.GetUtcNow() + configuration.Options.Upstream.TickEvery)
            .WithSimpleSchedule(s => Forever(s, configuration.Options.Upstream.TickEvery)));

        var commitment = new JobKey("commitment");
        quartz.AddJob<CommitmentJob>(job => job.WithIdentity(commitment));
        quartz.AddTrigger(trigger => trigger.ForJob(commitment).WithIdentity(commitment.Name).StartNow().WithSimpleSchedule(s => Forever(s, configuration.Options.Challenge.LookEvery)));

        var delivery = new JobKey("delivery");
        quartz.AddJob<DeliveryJob>(job => job.WithIdentity(delivery));
        quartz.AddTrigger(trigger => trigger.ForJob(delivery).WithIdentity(delivery.Name).StartNow().WithSimpleSchedule(s => Forever(s, Delivery)));

        var receipts = new JobKey("receipt inbox");
        quartz.AddJob<ReceiptInboxJob>(job => job.WithIdentity(receipts));
        quartz.AddTrigger(trigger => trigger.ForJob(receipts).WithIdentity(receipts.Name).StartNow().WithSimpleSchedule(s => Forever(s, ReceiptInbox)));

        var rotation = new JobKey("key rotation");
        quartz.AddJob<KeyRotationJob>(job => job.WithIdentity(rotation));
        quartz.AddTrigger(trigger => trigger.ForJob(rotation).WithIdentity(rotation.Name).StartNow().WithSimpleSchedule(s => Forever(s, Rotation)));

        var check = new JobKey("ledger check");
        quartz.AddJob<LedgerCheckJob>(job => job.WithIdentity(check));
        quartz.AddTrigger(trigger => trigger.ForJob(check).WithIdentity(check.Name).StartAt(time.GetUtcNow() + LedgerCheck).WithSimpleSchedule(s => Forever(s, LedgerCheck)));
    }

    // A round that was late is not made up for: the next one sees the same footage.
    static void Forever(SimpleScheduleBuilder schedule, TimeSpan every) =>
        schedule.WithInterval(every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount);
}

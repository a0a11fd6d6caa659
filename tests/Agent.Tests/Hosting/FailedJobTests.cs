using Agent.Hosting;
using Agent.Ledger;
using Agent.Tests.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Quartz;

namespace Agent.Tests.Hosting;

/// <summary>A job that meets something, on a real scheduler with a real ledger.</summary>
[NonParallelizable]
internal sealed class FailedJobTests : IDisposable
{
    readonly LedgerFixture _fixture = new();
    readonly Lifetime _lifetime = new();
    ServiceProvider? _services;

    public void Dispose()
    {
        // Of the process, which here is the tests'.
        Environment.ExitCode = 0;
        _services?.Dispose();
        _fixture.Dispose();
    }

    static IEnumerable<TestCaseData> Faults =>
    [
        new TestCaseData(new LedgerDamagedException("ledger.db", "An entry cannot be read.", new FormatException("inside")), true, true).SetArgDisplayNames("an entry that cannot be read"),
        new TestCaseData(new Microsoft.Data.Sqlite.SqliteException("malformed", 11), true, true).SetArgDisplayNames("a database that cannot be read"),
        new TestCaseData(new InvalidOperationException("a bug"), true, false).SetArgDisplayNames("a bug"),
        new TestCaseData(new LedgerWriteException("ledger.db", new IOException("full"), full: true), false, false).SetArgDisplayNames("a full disk"),
        new TestCaseData(new OperationCanceledException(), false, false).SetArgDisplayNames("a stop"),
    ];

    [TestCaseSource(nameof(Faults))]
    public async Task The_agent_ends_where_it_must_and_looks_at_the_whole_ledger_next_where_that_is_at_fault(Exception fault, bool ends, bool suspects)
    {
        _services = new ServiceCollection().AddLogging().AddSingleton(fault).AddQuartz(quartz =>
        {
            quartz.AddJobListener(new FailedJob(_lifetime, _fixture.Ledger, NullLogger<FailedJob>.Instance));
            quartz.AddJob(typeof(Throws), detail => detail.WithIdentity("job").StoreDurably());
        }).BuildServiceProvider();
        var scheduler = await _services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        await scheduler.Start();
        await scheduler.TriggerJob(new JobKey("job"));
        await Throws.Ran.WaitAsync(TimeSpan.FromSeconds(30));
        await scheduler.Shutdown(waitForJobsToComplete: true);

        Assert.That((_lifetime.Stopped, Environment.ExitCode), Is.EqualTo((ends, ends ? 1 : 0)));
        Assert.That(File.Exists(Path.Combine(_fixture.Folder.Path, "ledger.suspect")), Is.EqualTo(suspects));
    }

    sealed class Throws(Exception fault) : IJob
    {
        public static readonly SemaphoreSlim Ran = new(0);

        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            Ran.Release();
            throw fault;
        }
    }

    sealed class Lifetime : IHostApplicationLifetime
    {
        public bool Stopped { get; private set; }

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stopped = true;
    }
}

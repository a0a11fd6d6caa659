using System.Collections.Concurrent;
using AuditServer.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Serilog;
using Serilog.Core;

namespace Agent.Tests.AuditServer;

/// <summary>What one agent sent is no reason to look at no other.</summary>
internal sealed class WatchTests : IDisposable
{
    readonly ErrorLog _errors = new();
    readonly FakeTimeProvider _time = new();
    readonly Logger _log;

    public WatchTests() => _log = new LoggerConfiguration().WriteTo.Sink(_errors).CreateLogger();

    [Test]
    public async Task What_one_agent_throws_is_told_and_the_others_are_looked_at_now_and_the_next_time()
    {
        using var watch = new Looker(_time, _log, agent => agent == "b" ? new InvalidCastException("of b") : null);
        await watch.StartAsync(CancellationToken.None);
        await UntilAsync(() => watch.Seen.Count == 3);
        _time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => watch.Seen.Count == 6);
        await watch.StopAsync(CancellationToken.None);

        Assert.That(watch.Seen, Is.EqualTo(new[] { "a", "b", "c", "a", "b", "c" }));
        Assert.That(_errors.Errors, Has.Count.EqualTo(2).And.All.Contains("Agent \"b\" was left out while agents are looked at").And.All.Contains("of b"));
        Assert.That(watch.ExecuteTask!.IsFaulted, Is.False);
    }

    [Test]
    public async Task A_database_that_fails_ends_the_look_and_not_the_watch()
    {
        using var watch = new Looker(_time, _log, agent => agent == "b" ? new SqliteException("no disk", 10) : null);

        await watch.LookNowAsync(CancellationToken.None);

        Assert.That(watch.Seen, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(_errors.Errors.Single(), Does.Contain("The database failed while agents are looked at").IgnoreCase.And.Contain("no disk"));
    }

    public void Dispose() => _log.Dispose();

    static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
            await Task.Delay(5, patience.Token);
    }

    sealed class Looker(TimeProvider time, Serilog.ILogger log, Func<string, Exception?> fault) : Watch(TimeSpan.FromMinutes(1), time, log)
    {
        public ConcurrentQueue<string> Seen { get; } = new();

        protected override string What => "agents are looked at";

        protected override Task LookAsync(CancellationToken cancel) => EachAsync(["a", "b", "c"], agent =>
        {
            Seen.Enqueue(agent);
            if (fault(agent) is { } e)
                throw e;
        });
    }
}

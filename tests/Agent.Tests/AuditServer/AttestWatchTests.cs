using Agent.Tests.Evidence.Chain;
using AuditServer.Databases;
using AuditServer.Intake;
using AuditServer.Polling;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Serilog.Core;

namespace Agent.Tests.AuditServer;

/// <summary>A server that is started again and again asks for attestations as one that runs on does: when each was asked stands in the rows.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class AttestWatchTests(TestDatabase database)
{
    static readonly TimeSpan Look = TimeSpan.FromMinutes(10);

    [Test]
    public async Task A_restart_before_every_look_changes_nothing()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger { Now = server.Time.GetUtcNow() };
        await server.Receipted(ledger, ledger.Tick());
        var time = new FakeTimeProvider(server.Time.GetUtcNow());
        var evidence = new EvidenceStore(server.Service<IEvidenceDatabase>(), time, Logger.None);

        var first = await LooksUntilAskedAsync();
        Assert.That(first * Look, Is.LessThanOrEqualTo(PollPlan.Usual.AttestTo - PollPlan.Usual.AttestFrom + Look));
        for (var round = 0; round < 3; round++)
        {
            server.Run("UPDATE asks SET chain = 1, seq = 1, answered = created WHERE seq IS NULL");
            Assert.That(await LooksUntilAskedAsync() * Look, Is.InRange(PollPlan.Usual.AttestFrom, PollPlan.Usual.AttestTo + Look));
        }

        async Task<int> LooksUntilAskedAsync()
        {
            for (var looks = 0; ; looks++)
            {
                using (var watch = new AttestWatch(new PollTargets(Path.Combine(server.Data, "polls"), Logger.None), evidence, PollPlan.Usual, time, Logger.None))
                    await watch.LookNowAsync(CancellationToken.None);
                if (server.Query<long>("SELECT count(*) FROM asks WHERE seq IS NULL") > 0 || looks > 300)
                    return looks;
                time.Advance(Look);
            }
        }
    }
}

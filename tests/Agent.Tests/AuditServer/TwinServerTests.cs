using Agent.Tests.Evidence.Chain;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

/// <summary>A city runs several servers on one PostgreSQL. A SQLite file has one server.</summary>
internal sealed class TwinServerTests
{
    [Test]
    public async Task Two_servers_on_one_database_never_accept_two_stories()
    {
        await using var here = await RunningServer.Start(TestDatabase.Postgres);
        await using var there = await here.StartTwin();

        for (var round = 0; round < 15; round++)
        {
            var epoch = Guid.NewGuid();
            var stories = Enumerable.Range(0, 6).Select(i => new TestLedger(epoch: epoch).Heartbeat(version: $"{i % 2}"));

            var answers = await Task.WhenAll(stories.Select((story, i) => (i % 3 == 0 ? here : there).Post(story)));

            Assert.That(answers.Select(answer => answer.Status).Order(), Is.EqualTo(new[] { 200, 200, 200, 409, 409, 409 }));
            Assert.That(answers.Select(answer => answer.Receipt).OfType<string>().Distinct().Count(), Is.EqualTo(1));
        }
    }
}

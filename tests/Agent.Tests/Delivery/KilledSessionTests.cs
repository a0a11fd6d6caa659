using NUnit.Framework;

namespace Agent.Tests.Delivery;

/// <summary>PostgreSQL is another process: it can end a session while a commit is under way. SQLite has no such thing.</summary>
sealed class KilledSessionTests() : FailedCommit(TestDatabase.Postgres)
{
    [Test]
    public async Task A_database_session_that_is_killed_within_the_commit_gives_no_receipt()
    {
        RefuseCommits("PERFORM pg_terminate_backend(pg_backend_pid())");
        await AssertKeptAsync();

        HealCommits();

        await AssertReceiptedOnceAsync();
    }

    [Test]
    public async Task Database_sessions_that_were_killed_while_they_waited_cost_one_try()
    {
        Server.Run("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'retention-audit-server' AND datname = current_database()");
        var first = await DrainAsync();
        Assert.That(first.Receipted + first.Pending, Is.EqualTo(1));

        await AssertReceiptedOnceAsync(first.Receipted);
    }
}

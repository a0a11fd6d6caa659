using NUnit.Framework;

namespace Agent.Tests.Delivery;

[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
sealed class FailedCommitTests(TestDatabase database) : FailedCommit(database)
{
    [Test]
    public async Task A_commit_that_the_database_refuses_gives_no_receipt_and_the_same_bytes_one_later()
    {
        RefuseCommits("RAISE EXCEPTION 'no commit today'");
        await AssertKeptAsync();

        HealCommits();

        await AssertReceiptedOnceAsync();
    }
}

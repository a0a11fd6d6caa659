using Agent.Evidence.Statements;
using Agent.Ledger;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

/// <summary>What was stated, read back in the form in which it is delivered.</summary>
sealed class StatementStoreTests : IDisposable
{
    readonly LedgerFixture _fixture = new();

    LedgerStore Ledger => _fixture.Ledger;

    Guid Epoch => Ledger.Read.Head.Epoch;

    public void Dispose() => _fixture.Dispose();

    [Test]
    public void Statements_come_oldest_first_with_what_lies_between_them()
    {
        Ledger.Append("note", LedgerFixture.Body());
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.Append("note", LedgerFixture.Body());
        Ledger.Append("note", LedgerFixture.Body());
        Ledger.AppendTick();

        var all = StatementStore.After(Ledger.Read, Epoch, 0).ToList();

        Assert.That(all.Select(s => (s.Seq, s.Request.Entries.Count)), Is.EqualTo(new[] { (2L, 1), (5L, 2) }));
        Assert.That(all.Select(s => StatementVerifier.VerifyHeartbeat(s.Request, _ => _fixture.Identity.Key.Public).Fault), Is.All.Null);
        Assert.That(StatementStore.After(Ledger.Read, Epoch, 2).Select(s => s.Seq), Is.EqualTo(new[] { 5L }));
        Assert.That(StatementStore.After(Ledger.Read, Epoch, 5), Is.Empty);
        Assert.That(StatementStore.After(Ledger.Read, Guid.Empty, 0), Is.Empty);
    }

    [Test]
    public void What_waits_is_told_up_to_a_number_and_without_what_was_receipted_or_set_aside()
    {
        for (var i = 0; i < 4; i++)
            Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.SetAside(Ledger.Read.NextPending()!, "Equivocation");
        Ledger.Acknowledge(Ledger.Read.NextPending()!, "a.b.c");

        Assert.That(StatementStore.Pending(Ledger.Read, 10).Count(), Is.EqualTo(2));
        Assert.That(StatementStore.Pending(Ledger.Read, 1).Single().Jws, Is.EqualTo(Ledger.Read.NextPending()!.Jws));
    }

    [Test]
    public void One_statement_is_found_with_the_receipt_it_has()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        var first = Ledger.Read.NextPending()!;
        Ledger.Acknowledge(first, "a.b.c");

        var (receipted, waiting) = (StatementStore.Find(Ledger.Read, Epoch, 1), StatementStore.Find(Ledger.Read, Epoch, 2));

        Assert.That((receipted!.Value.Statement.Jws, receipted.Value.Statement.After, receipted.Value.Receipt), Is.EqualTo((first.Jws, 0L, "a.b.c")));
        Assert.That((waiting!.Value.Statement.After, waiting.Value.Receipt), Is.EqualTo((1L, (string?)null)));
        Assert.That(StatementStore.Find(Ledger.Read, Epoch, 3), Is.Null, "the receipt's own entry is no statement");
        Assert.That(StatementStore.Find(Ledger.Read, Guid.Empty, 1), Is.Null);
    }

    [Test]
    public void A_ledger_that_is_not_there_is_said_to_be_so_and_not_made()
    {
        var read = Ledger.Read;
        Ledger.Dispose();
        foreach (var file in Directory.EnumerateFiles(_fixture.Folder.Path, LedgerReadStore.FileName + "*"))
            File.Delete(file);

        Assert.That(() => StatementStore.Pending(read, 1).ToList(), Throws.TypeOf<SqliteException>());
        Assert.That(File.Exists(_fixture.DatabaseFile), Is.False);
    }
}

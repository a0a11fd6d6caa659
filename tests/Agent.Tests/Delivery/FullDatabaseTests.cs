using Agent.Ledger;
using Agent.Tests.AuditServer;
using AuditServer.Databases;
using AuditServer.Intake;
using AuditServer.Sites;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

/// <summary>The disk of the database is full; only for SQLite is that the server's own disk, which a test can make small.</summary>
sealed class FullDatabaseTests() : FailedCommit(TestDatabase.Sqlite)
{
    [Test]
    public async Task A_disk_without_room_gives_no_receipt_and_the_same_bytes_one_when_there_is_room()
    {
        using var cramped = new CrampedDatabase(new SqliteStore(Path.Combine(Server.Data, "evidence.db"))) { IsFull = true };
        await using var writer = new EvidenceWriter(cramped, Serilog.Core.Logger.None);
        var intake = new HeartbeatIntake(
            Server.Service<BelievedKeys>(), Server.Service<HeartbeatJudge>(), Server.Service<Acceptance>(), writer, Server.Time, Serilog.Core.Logger.None);
        var statement = StatementStore.Pending(Fixture.Ledger.Read, 1).Single().Encode();

        var refused = await intake.TakeAsync(statement, CancellationToken.None);
        Assert.That((refused.Receipt, refused.Refusal?.Code), Is.EqualTo(((string?)null, (RefusalCode?)RefusalCode.NotStored)));
        Assert.That(Statements, Is.EqualTo(1));

        cramped.IsFull = false;
        var taken = await intake.TakeAsync(statement, CancellationToken.None);
        Assert.That(taken.Refusal, Is.Null);
        var posted = await Server.Post(statement);
        Assert.That((posted.Receipt, Statements), Is.EqualTo((taken.Receipt, 2)));
    }
}

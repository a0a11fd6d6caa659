using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Ledger;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

/// <summary>A broken or exchanged ledger never keeps the agent from starting, and what is left of it is not lost.</summary>
sealed class LedgerDamageTests : IDisposable
{
    readonly LedgerFixture _fixture = new();

    LedgerStore Ledger => _fixture.Ledger;

    string Suspect => Path.Combine(_fixture.Folder.Path, "ledger.suspect");

    [Test]
    public void What_proves_itself_is_kept_and_the_new_epoch_says_what_is_not()
    {
        var heads = Fill(10);
        _fixture.Tamper($"PRAGMA foreign_keys = OFF; {LedgerFixture.DropTriggers} UPDATE entry SET bytes = x'00' WHERE seq IN (3, 4); DELETE FROM entry WHERE seq = 8");
        _fixture.Reopen();

        using var gap = JsonDocument.Parse(_fixture.Entries().Single().Body);
        var body = gap.RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(_fixture.Entries().Single().Type, Is.EqualTo(EntryTypes.Gap));
            Assert.That(body.GetProperty("reason").GetString(), Is.EqualTo("damaged"));
            Assert.That(body.GetProperty("epoch").GetGuid(), Is.EqualTo(heads[0].Epoch));
            Assert.That(body.GetProperty("head").GetRawText(), Is.EqualTo($$"""{"seq":10,"hash":"{{heads[9].Hash}}"}"""));
            Assert.That(body.GetProperty("known").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(body.GetProperty("salvaged").GetInt64(), Is.EqualTo(7));
            Assert.That(body.GetProperty("lost").GetRawText(), Is.EqualTo("[[3,4],[8,8]]"));
            Assert.That(body.GetProperty("fault").GetString(), Does.Not.Contain(_fixture.Folder.Path).And.Not.Contain("\n"));
            Assert.That(heads.Where(h => Ledger.Read.HashAt(h.Epoch, h.Seq) == h.Hash).Select(h => h.Seq), Is.EqualTo(new long[] { 1, 2, 5, 6, 7, 9, 10 }));
            Assert.That(Ledger.Read.Check(_fixture.Identity.Key.Public).Fault, Is.Null);
        });

        Assert.That(Ledger.AppendHeartbeat(LedgerFixture.Heartbeat).Seq, Is.EqualTo(2));
    }

    [Test]
    public void What_waits_for_a_receipt_goes_on_waiting_and_what_has_one_keeps_it()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.Acknowledge(Ledger.Read.NextPending()!, "a.b.c");
        var waiting = Ledger.AppendTick();
        var jws = Ledger.Read.NextPending()!.Jws;
        Fill(3);
        _fixture.Tamper($"{LedgerFixture.DropTriggers} UPDATE entry SET bytes = x'00' WHERE seq = 5");
        _fixture.Reopen();

        Assert.That(Ledger.Read.Counts, Is.EqualTo(new OutboxCounts(Pending: 1, SetAside: 0, Receipted: 1, OldestPending: waiting.Seq)));
        Assert.That(Ledger.Read.NextPending()!.Jws, Is.EqualTo(jws));
        Assert.That(Ledger.Read.LastReceipt, Is.EqualTo("a.b.c"));
    }

    [Test]
    public void Not_ready_until_a_person_has_looked()
    {
        Fill(2);
        Assert.That(Ledger.Damage, Is.Null);
        _fixture.Tamper($"{LedgerFixture.DropTriggers} UPDATE entry SET bytes = x'00' WHERE seq = 2");
        _fixture.Reopen();
        _fixture.Reopen();
        Assert.That(Ledger.Damage, Is.Not.Null, "a restart acknowledges nothing");

        File.Delete(Directory.GetFiles(_fixture.Folder.Path, LedgerFiles.Unacknowledged, SearchOption.AllDirectories).Single());
        Assert.That(Ledger.Damage, Is.Null);
    }

    [Test]
    public void A_suspect_ledger_is_looked_at_whole_and_only_then_found_out()
    {
        Fill(1005);
        _fixture.Tamper($"{LedgerFixture.DropTriggers} UPDATE entry SET bytes = x'00' WHERE seq = 2");
        _fixture.Reopen();
        Assert.That(Ledger.Damage, Is.Null, "the newest entries hold");

        Assert.That(() => new LedgerCheckJob(Ledger, _fixture.Identity).CheckWhole(), Throws.TypeOf<LedgerDamagedException>());
        Assert.That(File.Exists(Suspect), Is.True);
        _fixture.Reopen();

        Assert.That(Ledger.Damage, Is.Not.Null);
        Assert.That(File.Exists(Suspect), Is.False);
        Assert.That(() => new LedgerCheckJob(Ledger, _fixture.Identity).CheckWhole(), Throws.Nothing);
    }

    [Test]
    public void A_suspicion_without_a_fault_is_forgotten()
    {
        Fill(3);
        Ledger.Suspect("a reader was interrupted");
        _fixture.Reopen();

        Assert.That((Ledger.Damage, File.Exists(Suspect), Ledger.Read.Head.Seq), Is.EqualTo(((string?)null, false, 3L)));
    }

    [Test]
    public void An_older_copy_in_its_place_opens_a_new_epoch()
    {
        Fill(2);
        _fixture.Ledger.Dispose();
        var copy = File.ReadAllBytes(_fixture.DatabaseFile);
        _fixture.Reopen();
        var known = Ledger.AppendTick();
        _fixture.Ledger.Dispose();
        File.WriteAllBytes(_fixture.DatabaseFile, copy);
        _fixture.Reopen();

        using var gap = JsonDocument.Parse(_fixture.Entries().Single().Body);
        Assert.That(gap.RootElement.GetProperty("reason").GetString(), Is.EqualTo("rolled-back"));
        Assert.That(gap.RootElement.GetProperty("known").GetRawText(), Is.EqualTo($$"""{"seq":3,"hash":"{{known.Hash}}"}"""));
        Assert.That(gap.RootElement.GetProperty("lost").GetRawText(), Is.EqualTo("[[3,3]]"));
        Assert.That(Ledger.Read.Check(_fixture.Identity.Key.Public).Fault, Is.Null);
        Assert.That(Ledger.Damage, Is.Not.Null);

        var epoch = Ledger.Read.Head.Epoch;
        _fixture.Reopen();
        Assert.That(Ledger.Read.Head.Epoch, Is.EqualTo(epoch), "once");
    }

    [Test]
    public void A_ledger_that_is_gone_is_missed()
    {
        var tick = Ledger.AppendTick();
        _fixture.Ledger.Dispose();
        File.Delete(_fixture.DatabaseFile);
        _fixture.Reopen();

        using var gap = JsonDocument.Parse(_fixture.Entries().Single().Body);
        Assert.That(gap.RootElement.GetProperty("epoch").GetGuid(), Is.EqualTo(tick.Epoch));
        Assert.That(gap.RootElement.GetProperty("lost").GetRawText(), Is.EqualTo("[[1,1]]"));
    }

    [Test]
    public void What_the_audit_server_knows_better_ends_the_epoch_once()
    {
        var tick = Ledger.AppendTick();
        Assert.That(Ledger.OpenEpoch(tick), Is.EqualTo(tick), "nothing it does not hold");

        var gap = Ledger.OpenEpoch(tick with { Seq = 5, Hash = new string('a', 64) });

        Assert.That((gap.Seq, Ledger.Read.Head), Is.EqualTo((1L, gap)));
        Assert.That(Ledger.Read.Counts.Pending, Is.EqualTo(1));
        Assert.That(Ledger.AppendTick().Seq, Is.EqualTo(2));
        Assert.That(Ledger.Read.Check(_fixture.Identity.Key.Public).Fault, Is.Null);
    }

    [Test]
    public void A_replacement_cut_short_is_finished_at_the_next_start()
    {
        var head = Fill(3)[^1];
        _fixture.Ledger.Dispose();
        File.Move(_fixture.DatabaseFile, Path.Combine(_fixture.Folder.Path, "ledger.rebuilt"));
        File.WriteAllText(_fixture.DatabaseFile, "damaged");
        File.WriteAllText(_fixture.DatabaseFile + "-wal", "of the damaged one");
        _fixture.Reopen();

        Assert.That((Ledger.Read.Head, Ledger.Damage), Is.EqualTo((head, (string?)null)));
    }

    [Test]
    public void A_change_of_key_is_no_damage()
    {
        Ledger.AppendTick();
        Ledger.AppendKeyRotation();
        Ledger.AppendTick();
        Assert.That(() => new LedgerCheckJob(Ledger, _fixture.Identity).CheckWhole(), Throws.Nothing);

        Ledger.Suspect("a reader was interrupted");
        _fixture.Reopen();
        Assert.That(Ledger.Damage, Is.Null);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void After_a_change_of_key_damage_is_met_once(int broken)
    {
        Ledger.AppendTick();
        Ledger.AppendKeyRotation();
        Ledger.AppendTick();
        var old = Ledger.Read.NextPending()!.Jws;
        _fixture.Tamper($"PRAGMA foreign_keys = OFF; {LedgerFixture.DropTriggers} UPDATE entry SET bytes = x'00' WHERE seq = {broken}");
        _fixture.Reopen();

        Assert.That(Ledger.Damage, Is.Not.Null);
        Assert.That(() => new LedgerCheckJob(Ledger, _fixture.Identity).CheckWhole(), Throws.Nothing);
        if (broken != 1)
            Assert.That(Ledger.Read.NextPending()!.Jws, Is.EqualTo(old), "what the retired key signed stays as it is");
    }

    [Test]
    public void An_older_copy_from_before_a_change_of_key_is_met_once()
    {
        Ledger.AppendTick();
        _fixture.Ledger.Dispose();
        var copy = File.ReadAllBytes(_fixture.DatabaseFile);
        _fixture.Reopen();
        Ledger.AppendKeyRotation();
        Ledger.AppendTick();
        _fixture.Ledger.Dispose();
        File.WriteAllBytes(_fixture.DatabaseFile, copy);
        _fixture.Reopen();
        Ledger.AppendTick();

        Assert.That(() => new LedgerCheckJob(Ledger, _fixture.Identity).CheckWhole(), Throws.Nothing);
    }

    [TestCase("PRAGMA user_version = 3")]
    [TestCase("PRAGMA user_version = 0")]
    [TestCase("DROP TRIGGER meta_agent_is_never_changed; UPDATE meta SET agent = 'a-other'")]
    [TestCase("DROP TRIGGER meta_never_leaves; DELETE FROM meta")]
    [TestCase("DROP TABLE outbox")]
    public void A_database_that_contradicts_itself_is_no_reason_to_stay_away(string sql)
    {
        Fill(3);
        _fixture.Tamper(sql);
        _fixture.Reopen();

        Assert.That(Ledger.Damage, Is.Not.Null);
        Assert.That(Ledger.Append("note", LedgerFixture.Body()).Seq, Is.EqualTo(2));
        Assert.That(Ledger.Read.Check(_fixture.Identity.Key.Public).Fault, Is.Null);
    }

    public void Dispose() => _fixture.Dispose();

    List<LedgerHead> Fill(int entries) => [.. Enumerable.Range(0, entries).Select(n => Ledger.Append("note", LedgerFixture.Body($$"""{"n":{{n}}}""")))];
}

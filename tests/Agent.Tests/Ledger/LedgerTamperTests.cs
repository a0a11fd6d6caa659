using System.Text;
using Agent.Evidence.Chain;
using Agent.Ledger;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

/// <summary>What an administrator's hand, a broken disk or a careless tool can do to the file, and that it is seen.</summary>
sealed class LedgerTamperTests : IDisposable
{
    const string DropTriggers = """
        DROP TRIGGER entry_is_never_changed; DROP TRIGGER entry_never_leaves; DROP TRIGGER entry_comes_next;
        DROP TRIGGER outbox_statement_is_never_changed;
        """;

    readonly LedgerFixture _fixture = new();

    [TestCase("UPDATE entry SET hash = hash")]
    [TestCase("DELETE FROM entry WHERE seq = 2")]
    [TestCase("INSERT INTO entry (epoch, seq, bytes, hash) SELECT epoch, 9, bytes, hash FROM entry WHERE seq = 1")]
    [TestCase("INSERT OR REPLACE INTO entry (epoch, seq, bytes, hash) SELECT epoch, seq, bytes, hash FROM entry WHERE seq = 1")]
    [TestCase("INSERT OR REPLACE INTO entry (position, epoch, seq, bytes, hash) SELECT 1, epoch, 4, bytes, hash FROM entry WHERE seq = 1")]
    [TestCase("UPDATE meta SET agent = 'a-other'")]
    [TestCase("DELETE FROM meta")]
    [TestCase("DELETE FROM outbox")]
    [TestCase("UPDATE outbox SET jws = 'x'")]
    [TestCase("UPDATE outbox SET state = 'receipted'")]
    [TestCase("UPDATE outbox SET state = 'set_aside'")]
    [TestCase("INSERT OR REPLACE INTO outbox (epoch, seq, after, jws) SELECT epoch, seq, 0, 'x' FROM outbox")]
    public void The_database_itself_refuses(string sql)
    {
        Fill();

        Assert.That(() => _fixture.Tamper(sql), Throws.TypeOf<SqliteException>());
        Assert.That(Check().Fault, Is.Null);
    }

    [Test]
    public void A_receipted_heartbeat_stays_receipted()
    {
        Fill();
        _fixture.Ledger.Acknowledge(_fixture.Ledger.Read.NextPending()!, "a.b.c");

        Assert.That(() => _fixture.Tamper("UPDATE outbox SET state = 'pending', receipt = NULL"), Throws.TypeOf<SqliteException>());
    }

    [TestCase("UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"n\":1', '\"n\":7') AS BLOB)", "seq 2")]
    [TestCase("DELETE FROM entry WHERE seq = 1", "expected")]
    [TestCase("DELETE FROM entry WHERE seq = 2", "seq 3")]
    [TestCase("UPDATE entry SET hash = replace(hash, substr(hash, 1, 1), 'g')", "seq 1")]
    [TestCase("UPDATE entry SET bytes = x'00' WHERE seq = 2", "")]
    public void What_was_changed_behind_its_back_is_found_when_it_opens(string sql, string named)
    {
        Fill();
        _fixture.Tamper(DropTriggers + sql);

        Assert.That(Check().Fault, Is.Not.Null);

        using var opened = _fixture.Open();
        Assert.That(opened.Damage, Does.Contain(named));
        Assert.That(opened.Read.Check(_fixture.Identity.Key.Public).Fault, Is.Null, "what goes on is sound");
    }

    [Test]
    public void A_rewritten_chain_is_betrayed_by_the_signature()
    {
        Fill();
        var forged = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(_fixture.Ledger.Read.NextPending()!.Bytes.Span).Replace("\"after\":0", "\"after\":1", StringComparison.Ordinal));
        _fixture.Tamper($"{DropTriggers} UPDATE entry SET bytes = x'{Convert.ToHexString(forged)}', hash = '{EntryCodec.Hash(forged)}' WHERE seq = 3");

        Assert.That(Check().Fault, Does.Contain("what was signed is not what the ledger holds"));
    }

    [Test]
    public void A_cut_off_end_with_a_signed_heartbeat_is_found()
    {
        Fill();
        _fixture.Tamper($"{DropTriggers} DELETE FROM entry WHERE seq = 3");

        Assert.That(Check().Fault, Does.Contain("not in the ledger"));
    }

    [Test]
    public void A_change_older_than_the_tail_is_found_by_the_whole_check()
    {
        for (var i = 0; i < 1005; i++)
            _fixture.Ledger.Append("note", LedgerFixture.Body($$"""{"n":{{i}}}"""));
        _fixture.Tamper($"{DropTriggers} UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"n\":1}}', '\"n\":7}}') AS BLOB) WHERE seq = 2");

        using var opened = _fixture.Open();
        Assert.That(opened.Read.Check().Fault, Does.Contain("seq 2"));
    }

    [Test]
    public void A_file_that_is_no_database_is_kept_for_a_person()
    {
        _fixture.Ledger.Dispose();
        File.WriteAllText(_fixture.DatabaseFile, new string('x', 5000));

        using var opened = _fixture.Open();
        Assert.That(opened.Damage, Is.Not.Null);
        var kept = Directory.GetFiles(Path.Combine(_fixture.Folder.Path, "quarantine"), LedgerReadStore.FileName, SearchOption.AllDirectories).Single();
        Assert.That(File.ReadAllText(kept), Does.StartWith("xxx"));
    }

    [Test]
    public void A_flipped_page_is_found()
    {
        for (var i = 0; i < 200; i++)
            _fixture.Ledger.Append("note", LedgerFixture.Body($$"""{"n":{{i}}}"""));
        _fixture.Ledger.Dispose();
        var file = File.ReadAllBytes(_fixture.DatabaseFile);
        for (var i = file.Length / 2; i < (file.Length / 2) + 64; i++)
            file[i] ^= 0xff;
        File.WriteAllBytes(_fixture.DatabaseFile, file);

        Assert.That(Check().Fault, Is.Not.Null);
    }

    [Test]
    public void There_is_no_ledger_where_there_is_none()
    {
        using var empty = new TemporaryFolder();

        Assert.That(() => new LedgerReadStore(empty.Path), Throws.TypeOf<LedgerRefusedException>());
        Assert.That(Directory.GetFiles(empty.Path), Is.Empty, "looking makes nothing");
    }

    [Test]
    public void A_ledger_that_was_never_finished_is_finished_by_the_agent_only()
    {
        using var folder = new TemporaryFolder();
        folder.Write(LedgerReadStore.FileName, "");

        Assert.That(() => new LedgerReadStore(folder.Path), Throws.TypeOf<LedgerRefusedException>());

        using var ledger = LedgerStore.Open(folder.Path, _fixture.Identity, _fixture.Time);
        Assert.That(ledger.Append("note", LedgerFixture.Body()).Seq, Is.EqualTo(1));
    }

    [Test]
    public void An_entry_that_is_too_large_never_reaches_the_disk()
    {
        Fill();
        var head = _fixture.Ledger.Read.Head;

        Assert.That(() => _fixture.Ledger.Append("note", LedgerFixture.Body($$"""{"x":"{{new string('x', 2 << 20)}}"}""")), Throws.TypeOf<FormatException>());
        Assert.That(_fixture.Ledger.Read.Head, Is.EqualTo(head));
    }

    public void Dispose() => _fixture.Dispose();

    void Fill()
    {
        _fixture.Ledger.Append("note", LedgerFixture.Body("""{"n":0}"""));
        _fixture.Ledger.Append("note", LedgerFixture.Body("""{"n":1}"""));
        _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
    }

    LedgerCheck Check()
    {
        using var read = new LedgerReadStore(_fixture.Folder.Path);
        return read.Check(_fixture.Identity.Key.Public);
    }
}

using System.Text.Json;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Agent.Ledger;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

sealed class LedgerStoreTests : IDisposable
{
    readonly LedgerFixture _fixture = new();

    LedgerStore Ledger => _fixture.Ledger;

    [Test]
    public void The_first_entry_follows_nothing_and_the_next_follows_it()
    {
        var first = Ledger.Append("note", LedgerFixture.Body("""{"n":1}"""));
        var second = Ledger.Append("note", LedgerFixture.Body("""{"n":2}"""));

        var entries = _fixture.Entries();
        Assert.That(entries.Select(entry => entry.Seq), Is.EqualTo(new long[] { 1, 2 }));
        Assert.That(entries.Select(entry => entry.Previous), Is.EqualTo(new[] { EntryCodec.NoPrevious, first.Hash }));
        Assert.That(Ledger.Read.Head, Is.EqualTo(second));
    }

    [Test]
    public void An_entry_carries_agent_time_and_body_as_given()
    {
        Ledger.Append("note", LedgerFixture.Body("""{"名":"前门"}"""));

        var entry = _fixture.Entries().Single();
        Assert.That(entry.Agent, Is.EqualTo(_fixture.Identity.Agent));
        Assert.That(entry.Time, Is.EqualTo(_fixture.Time.GetUtcNow()));
        Assert.That(Encoding.UTF8.GetString(entry.Body.Span), Is.EqualTo("""{"名":"前门"}"""));
    }

    [Test]
    public void The_monotonic_clock_goes_on_when_the_wall_clock_is_set_back()
    {
        var clock = new SteppedClock(_fixture.Time.GetUtcNow());
        using var ledger = LedgerStore.Open(_fixture.Folder.Path, _fixture.Identity, clock);
        ledger.Append("note", LedgerFixture.Body());
        clock.Pass(TimeSpan.FromSeconds(5), wall: TimeSpan.FromHours(-1));
        ledger.Append("note", LedgerFixture.Body());

        var entries = _fixture.Entries().Where(entry => entry.Type == "note").ToList();
        Assert.That(entries[1].Time, Is.EqualTo(entries[0].Time.AddHours(-1)), "stored as it was, not made pretty");
        Assert.That(entries[1].MonotonicMilliseconds - entries[0].MonotonicMilliseconds, Is.EqualTo(5000));
        Assert.That(entries[1].Boot, Is.EqualTo(entries[0].Boot));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{\"a\":1,\"a\":2}")]
    [TestCase("{\n\"a\":1}")]
    public void A_body_that_is_no_strict_json_object_is_refused_and_nothing_is_written(string body)
    {
        Assert.That(() => Ledger.Append("note", LedgerFixture.Body(body)), Throws.TypeOf<FormatException>());
        Assert.That(Ledger.Read.Head.Seq, Is.Zero);

        Ledger.Append("note", LedgerFixture.Body());
        Assert.That(Ledger.Read.Head.Seq, Is.EqualTo(1));
    }

    [Test]
    public void A_run_begins_with_start_and_ends_with_stop()
    {
        Ledger.AppendStart("0.1.0", new string('a', 64), new string('b', 64));
        Ledger.AppendStop();

        var entries = _fixture.Entries();
        Assert.That(entries.Select(entry => entry.Type), Is.EqualTo(new[] { "start", "stop" }));
        using var start = JsonDocument.Parse(entries[0].Body);
        Assert.That(start.RootElement.GetProperty("version").GetString(), Is.EqualTo("0.1.0"));
        Assert.That(start.RootElement.GetProperty("executableSha256").GetString(), Is.EqualTo(new string('a', 64)));
        Assert.That(start.RootElement.GetProperty("configurationSha256").GetString(), Is.EqualTo(new string('b', 64)));
    }

    [Test]
    public void The_chain_goes_on_after_opening_again()
    {
        var before = Ledger.Append("note", LedgerFixture.Body());
        _fixture.Reopen();
        Ledger.Append("note", LedgerFixture.Body());

        Assert.That(_fixture.Entries()[1].Previous, Is.EqualTo(before.Hash));
        Assert.That(Ledger.Read.Check(_fixture.Identity.Key.Public).Fault, Is.Null);
    }

    [Test]
    public void A_heartbeat_is_signed_over_the_exact_bytes_of_its_entry()
    {
        Ledger.Append("note", LedgerFixture.Body());
        var head = Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        var pending = Ledger.Read.NextPending()!;
        var check = Jws.Verify(pending.Jws, StatementTypes.Heartbeat, _ => _fixture.Identity.Key.Public);
        Assert.That(check.Fault, Is.Null);
        Assert.That(check.Payload.ToArray(), Is.EqualTo(pending.Bytes.ToArray()));
        Assert.That((pending.Epoch, pending.Seq, pending.After), Is.EqualTo((head.Epoch, head.Seq, 0L)));
    }

    [Test]
    public void Each_heartbeat_names_the_one_before_it()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.Append("note", LedgerFixture.Body());
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        var afters = _fixture.Entries().Where(entry => entry.Type == "heartbeat").Select(entry => Encoding.UTF8.GetString(entry.Body.Span));
        Assert.That(afters, Is.EqualTo(new[] { """{"after":0}""", """{"after":1}""", """{"after":3}""" }));
    }

    [Test]
    public void A_heartbeat_made_while_another_went_in_is_made_anew()
    {
        var asked = new List<long>();
        Ledger.AppendHeartbeat(after =>
        {
            asked.Add(after);
            if (asked.Count == 1)
                Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
            return LedgerFixture.Heartbeat(after);
        });

        Assert.That(asked, Is.EqualTo(new long[] { 0, 1 }));
        Assert.That(Ledger.Read.Check(_fixture.Identity.Key.Public), Has.Property(nameof(LedgerCheck.Fault)).Null);
    }

    [Test]
    public void A_receipt_frees_its_heartbeat_and_becomes_an_entry()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        var pending = Ledger.Read.NextPending()!;

        Assert.That(Ledger.Acknowledge(pending, "a.b.c"), Is.True);

        Assert.That(Ledger.Read.NextPending()!.Seq, Is.EqualTo(2));
        Assert.That(Ledger.Read.Counts, Is.EqualTo(new OutboxCounts(Pending: 1, SetAside: 0, Receipted: 1, OldestPending: 2)));
        var receipt = _fixture.Entries()[^1];
        Assert.That(receipt.Type, Is.EqualTo("receipt"));
        Assert.That(Encoding.UTF8.GetString(receipt.Body.Span), Is.EqualTo("""{"jws":"a.b.c"}"""));
    }

    [Test]
    public void The_same_receipt_twice_is_one_entry()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        var pending = Ledger.Read.NextPending()!;
        Ledger.Acknowledge(pending, "a.b.c");

        Assert.That(Ledger.Acknowledge(pending, "a.b.c"), Is.False);
        Assert.That(_fixture.Entries().Count(entry => entry.Type == "receipt"), Is.EqualTo(1));
    }

    [Test]
    public void What_is_set_aside_stays_visible_and_lets_the_next_pass()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        Ledger.SetAside(Ledger.Read.NextPending()!, "Equivocation");

        Assert.That(Ledger.Read.Counts, Is.EqualTo(new OutboxCounts(Pending: 1, SetAside: 1, Receipted: 0, OldestPending: 2)));
    }

    [Test]
    public void A_failure_is_counted_and_the_heartbeat_stays_first()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.NoteFailure(Ledger.Read.NextPending()!, "TimedOut");
        Ledger.NoteFailure(Ledger.Read.NextPending()!, "TimedOut");

        Assert.That(Ledger.Read.NextPending(), Has.Property(nameof(PendingStatement.Attempts)).EqualTo(2).And.Property(nameof(PendingStatement.Seq)).EqualTo(1));
    }

    [Test]
    public async Task Many_writers_of_one_process_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 25; i++)
                Ledger.Append("note", LedgerFixture.Body());
        })));

        Assert.That(Ledger.Read.Check(), Is.EqualTo(new LedgerCheck(200, Ledger.Read.Head, null)));
    }

    [Test]
    public async Task Two_that_hold_the_file_open_make_one_chain()
    {
        using var other = _fixture.Open();
        await Task.WhenAll(new[] { Ledger, other }.Select(ledger => Task.Run(() =>
        {
            for (var i = 0; i < 25; i++)
            {
                ledger.Append("note", LedgerFixture.Body());
                ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
            }
        })));

        Assert.That(Ledger.Read.Check(_fixture.Identity.Key.Public), Is.EqualTo(new LedgerCheck(100, other.Read.Head, null)));
    }

    [Test]
    public void Readers_do_not_wait_for_a_writer()
    {
        Ledger.Append("note", LedgerFixture.Body());
        using var writer = new SqliteConnection($"Data Source={_fixture.DatabaseFile};Pooling=False");
        writer.Open();
        using var transaction = writer.BeginTransaction();

        Assert.That(Ledger.Read.Head.Seq, Is.EqualTo(1));
        Assert.That(Ledger.Read.Check().Fault, Is.Null);
    }

    [Test]
    public void A_ledger_of_another_agent_is_refused()
    {
        using var stranger = new LedgerFixture();

        Assert.That(() => LedgerStore.Open(_fixture.Folder.Path, stranger.Identity, _fixture.Time),
            Throws.TypeOf<LedgerRefusedException>().With.Message.Contains(stranger.Identity.Agent));
    }

    [Test]
    public void A_ledger_of_a_newer_version_is_refused()
    {
        _fixture.Tamper("CREATE TABLE something_new (x); PRAGMA user_version = 99");

        Assert.That(_fixture.Open, Throws.TypeOf<LedgerRefusedException>().With.Message.Contains("99"));
    }

    [Test]
    public void Every_heartbeat_in_the_ledger_was_made_by_the_key_of_the_agent()
    {
        using var other = new TemporaryFolder();
        using var stranger = AgentIdentity.Open(other.Path, "x");
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        Assert.That(Ledger.Read.Check(stranger.Key.Public).Fault, Does.Contain("Heartbeat with seq 1"));
    }

    public void Dispose() => _fixture.Dispose();
}

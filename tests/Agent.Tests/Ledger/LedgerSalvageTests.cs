using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Ledger;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

/// <summary>What somebody with administrator's rights put into the database does not come out of a salvage as the agent's word.</summary>
sealed class LedgerSalvageTests : IDisposable
{
    readonly LedgerFixture _fixture = new();

    LedgerStore Ledger => _fixture.Ledger;

    [Test]
    public void A_statement_whose_signature_does_not_hold_is_not_signed_anew_but_missed()
    {
        Append(2);
        var tick = Ledger.AppendTick();
        Append(1);
        var later = Ledger.AppendTick();
        _fixture.Tamper($"{LedgerFixture.DropTriggers} UPDATE outbox SET jws = replace(jws, '.', '.A') WHERE seq = {tick.Seq}");
        Salvage();

        Assert.That(Pending(), Is.EqualTo(new[] { later.Seq }));
        Assert.That(Lost(), Is.EqualTo("[[1,3]]"), "what it told of can be shown to nobody any more");
        Assert.That(Ledger.Read.HashAt(tick.Epoch, tick.Seq), Is.EqualTo(tick.Hash), "and is still here for whoever examines it");
    }

    [Test]
    public void A_statement_that_is_gone_is_missed()
    {
        Append(1);
        Ledger.AppendTick();
        Append(1);
        Ledger.AppendTick();
        _fixture.Tamper($"{LedgerFixture.DropTriggers} DELETE FROM outbox WHERE seq = 4");
        Assert.That(Fault(), Does.Contain("Statement with seq 4: there is no signature for it."));
        Salvage();

        Assert.That(Pending(), Is.EqualTo(new[] { 2L }));
        Assert.That(Lost(), Is.EqualTo("[[3,4]]"));
    }

    [Test]
    public void An_entry_in_the_place_of_another_that_was_told_of_is_left_out()
    {
        Append(3);
        var tick = Ledger.AppendTick();
        Replace(2, "forged");
        Salvage();

        Assert.That(Ledger.Read.HashAt(tick.Epoch, 2), Is.Null);
        Assert.That(new long[] { 1, 3, 4 }.Select(seq => Ledger.Read.HashAt(tick.Epoch, seq)), Has.None.Null);
        Assert.That(Lost(), Is.EqualTo("[[2,2]]"));
    }

    [Test]
    public void A_statement_in_the_place_of_another_is_left_out_even_with_the_other_ones_signature()
    {
        Append(1);
        var tick = Ledger.AppendTick();
        Replace(2, null);
        Salvage();

        Assert.That(Ledger.Read.HashAt(tick.Epoch, 2), Is.Null);
        Assert.That(Pending(), Is.Empty);
        Assert.That(Known(), Is.EqualTo(tick.Hash), "the one that was there is known by its hash");
    }

    [Test]
    public void An_end_that_does_not_follow_what_was_signed_is_left_out()
    {
        Append(1);
        Ledger.AppendTick();
        Append(3);
        var last = Ledger.Read.Head;
        Replace(3, "forged");
        Salvage();

        Assert.That(new long[] { 1, 2 }.Select(seq => Ledger.Read.HashAt(last.Epoch, seq)), Has.None.Null);
        Assert.That(new long[] { 4, 5 }.Select(seq => Ledger.Read.HashAt(last.Epoch, seq)), Has.All.Null, "they follow something else than what is here");
        Assert.That(Known(), Is.EqualTo(last.Hash));
    }

    [Test]
    public void A_receipt_that_is_in_no_entry_lets_its_statement_go_out_again()
    {
        Ledger.AppendTick();
        Ledger.Acknowledge(Ledger.Read.NextPending()!, "a.b.c");
        var second = Ledger.AppendTick();
        Append(1);
        _fixture.Tamper($"{LedgerFixture.DropTriggers} UPDATE outbox SET state = 'receipted', receipt = 'd.e.f' WHERE seq = {second.Seq}");
        Assert.That(Fault(), Does.Contain($"Statement with seq {second.Seq}: its receipt is in no entry of the ledger."));
        Salvage();

        Assert.That(Pending(), Is.EqualTo(new[] { second.Seq }));
        Assert.That(Ledger.Read.LastReceipt, Is.EqualTo("a.b.c"));
    }

    [Test]
    public void A_statement_that_names_another_one_before_it_than_its_row_is_a_fault()
    {
        Append(1);
        Ledger.AppendTick();
        Ledger.AppendTick();
        _fixture.Tamper($"{LedgerFixture.DropTriggers} UPDATE outbox SET after = 1 WHERE seq = 3");

        Assert.That(Fault(), Does.Contain("the statement before it is 1, and it is 2"));
    }

    [Test]
    public void An_entry_that_cannot_be_read_is_looked_into_at_the_next_start()
    {
        Append(1);
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        Append(1200);
        _fixture.Tamper($"{LedgerFixture.DropTriggers} UPDATE entry SET bytes = CAST('\"type\":\"clock-step\"' AS BLOB) WHERE seq = 1");
        _fixture.Reopen();

        Assert.That(() => Ledger.Read.ClockSteps(), Throws.TypeOf<LedgerDamagedException>());
        Assert.That(() => Ledger.Read.Began, Throws.TypeOf<LedgerDamagedException>());
        Ledger.Suspect("that");
        _fixture.Reopen();

        Assert.That(Ledger.Damage, Is.Not.Null);
        Assert.That(Ledger.Read.ClockSteps(), Is.Empty);
    }

    [Test]
    public void What_is_beside_a_service_mends_nothing()
    {
        Append(2);
        _fixture.Tamper($"{LedgerFixture.DropTriggers} UPDATE entry SET bytes = x'00' WHERE seq = 2");

        Assert.That(() => LedgerStore.Open(_fixture.Folder.Path, _fixture.Identity, _fixture.Time, mend: false), Throws.TypeOf<LedgerDamagedException>());

        Assert.That(Directory.Exists(Path.Combine(_fixture.Folder.Path, "quarantine")), Is.False);
    }

    [Test]
    public void What_is_beside_a_service_adds_nothing_to_an_older_copy()
    {
        Append(2);
        Ledger.Dispose();
        var copy = File.ReadAllBytes(_fixture.DatabaseFile);
        _fixture.Reopen();
        var known = Ledger.AppendTick();
        Ledger.Dispose();
        File.WriteAllBytes(_fixture.DatabaseFile, copy);

        Assert.That(() => LedgerStore.Open(_fixture.Folder.Path, _fixture.Identity, _fixture.Time, mend: false), Throws.TypeOf<LedgerDamagedException>());

        _fixture.Reopen();
        Assert.That(Known(), Is.EqualTo(known.Hash));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void What_contradicts_its_neighbour_below_a_hole_is_found_once(bool holed)
    {
        Append(1);
        Ledger.AppendTick();
        Append(3);
        Ledger.AppendTick();
        Replace(3, "forged", previous: new string('f', 64));
        if (holed)
            _fixture.Tamper("DELETE FROM entry WHERE seq = 4");
        Salvage();
        var epoch = Ledger.Read.Head.Epoch;

        File.WriteAllText(Path.Combine(_fixture.Folder.Path, "ledger.suspect"), "test");
        _fixture.Reopen();

        Assert.That(Ledger.Read.Head.Epoch, Is.EqualTo(epoch));
        Assert.That(Lost(), Is.EqualTo(holed ? "[[3,4]]" : "[[3,3]]"));
    }

    [Test]
    public void An_epoch_that_ended_is_checked_for_what_follows_what()
    {
        Append(5);
        _fixture.Tamper($"{LedgerFixture.DropTriggers} UPDATE entry SET bytes = x'00' WHERE seq = 5");
        _fixture.Reopen();
        Assert.That(Ledger.Read.Check().Fault, Is.Null);
        Replace(3, "forged");

        Assert.That(Fault(), Does.Contain("Entry with seq 4 of an epoch that ended does not follow the one before it."));
    }

    public void Dispose() => _fixture.Dispose();

    void Append(int entries)
    {
        for (var i = 0; i < entries; i++)
            Ledger.Append("note", LedgerFixture.Body($$"""{"n":{{i}}}"""));
    }

    // As a person would who knows how entries are made, and cannot sign.
    void Replace(long seq, string? text, string? previous = null)
    {
        Ledger.Dispose();
        using var connection = new SqliteConnection($"Data Source={_fixture.DatabaseFile};Pooling=False;Foreign Keys=False");
        connection.Open();
        connection.Run(LedgerFixture.DropTriggers);
        var epoch = (string)connection.Value("SELECT epoch FROM entry ORDER BY position LIMIT 1")!;
        var entry = EntryCodec.Decode((byte[])connection.Value("SELECT bytes FROM entry WHERE seq = $seq AND epoch = $epoch", ("$seq", seq), ("$epoch", epoch))!);
        var body = text is null ? Encoding.UTF8.GetString(entry.Body.Span).Replace("\"pending\":0", "\"pending\":7", StringComparison.Ordinal) : $$"""{"n":"{{text}}"}""";
        var bytes = EntryCodec.Encode(new LedgerEntry
        {
            Agent = entry.Agent,
            Epoch = entry.Epoch,
            Seq = entry.Seq,
            Time = entry.Time,
            Boot = entry.Boot,
            MonotonicMilliseconds = entry.MonotonicMilliseconds,
            Previous = previous ?? entry.Previous,
            Type = entry.Type,
            Body = Encoding.UTF8.GetBytes(body),
        });
        connection.Run("UPDATE entry SET bytes = $bytes, hash = $hash WHERE seq = $seq AND epoch = $epoch", ("$bytes", bytes), ("$hash", EntryCodec.Hash(bytes)), ("$seq", seq), ("$epoch", epoch));
    }

    void Salvage()
    {
        File.WriteAllText(Path.Combine(_fixture.Folder.Path, "ledger.suspect"), "test");
        _fixture.Reopen();
        Assert.That(Ledger.Damage, Is.Not.Null);
        Assert.That(Fault(), Is.Null, "what is left holds");
    }

    string? Fault()
    {
        using var read = new LedgerReadStore(_fixture.Folder.Path);
        return read.Check(_fixture.Identity.Key.Public).Fault;
    }

    long[] Pending() => [.. StatementStore.Pending(Ledger.Read, 100).Select(request => EntryCodec.Decode(Convert.FromBase64String(Padded(request.Jws.Split('.')[1]))).Seq)];

    static string Padded(string base64Url) => base64Url.Replace('-', '+').Replace('_', '/').PadRight((base64Url.Length + 3) / 4 * 4, '=');

    string Lost() => Gap().GetProperty("lost").GetRawText();

    string? Known() => Gap().GetProperty("known").GetProperty("hash").GetString();

    JsonElement Gap() => JsonElement.Parse(_fixture.Entries().First(entry => entry.Type == EntryTypes.Gap).Body.Span);
}

using System.Diagnostics;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Agent.Ledger;
using Agent.Tests.Ledger;
using NUnit.Framework;

namespace Agent.Tests.Keys;

/// <summary>A change of key, whole and cut off at every step, with a real ledger.</summary>
sealed class KeyRotationTests : IDisposable
{
    readonly LedgerFixture _fixture = new();

    LedgerStore Ledger => _fixture.Ledger;

    AgentIdentity Identity => _fixture.Identity;

    string Data => _fixture.Folder.Path;

    [Test]
    public void The_old_key_signs_the_new_one_and_what_comes_after_is_signed_by_the_new_one()
    {
        var old = Identity.Key.Public;
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        var head = Ledger.AppendKeyRotation();
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        var check = KeyRotationCodec.Verify(_fixture.Entries().Single(e => e.Type == EntryTypes.KeyRotate), kid => kid == old.Thumbprint ? old : null);
        Assert.That(check.Fault, Is.Null);
        Assert.That(check.Succession?.Rotation, Is.EqualTo(new KeyRotation(Identity.Agent, head.Epoch, 2, Identity.Key.Public)));
        Assert.That(Identity.Key.Public, Is.Not.EqualTo(old));
        Assert.That(Identity.Retired, Is.EqualTo(new[] { new RetiredKey(old, _fixture.Time.GetUtcNow(), head.Epoch, 2) }));
        Assert.That(Fault(), Is.Null);
    }

    [Test]
    public void Name_and_pin_follow_and_the_retired_key_is_published()
    {
        var (name, old) = (Identity.Agent, Identity.Key.Public);

        Ledger.AppendKeyRotation();

        using var opened = Reopened();
        Assert.That((opened.Agent, opened.Key.Public), Is.EqualTo((name, Identity.Key.Public)));
        Assert.That(File.ReadAllText(Path.Combine(Data, AgentIdentity.PinFile)), Does.Contain(Identity.Key.Public.Thumbprint));
        Assert.That(JwkSet.Parse(File.ReadAllText(Path.Combine(Data, RetiredKeys.FileName))).Keys, Is.EqualTo(new[] { old }));
        Assert.That(opened.PublicKeys.Keys, Is.EqualTo(new[] { Identity.Key.Public, old }));
    }

    [Test]
    public void Nothing_in_the_data_directory_holds_the_old_private_key()
    {
        var secret = File.ReadAllLines(Path.Combine(Data, SigningKey.FileName))[1];
        _fixture.Folder.Write($"{KeyHandover.NextFile}.0123.tmp", "what a crash left of an earlier try");

        Ledger.AppendKeyRotation();

        Assert.That(Directory.GetFiles(Data).Where(file => Holds(file, secret)), Is.Empty);
        Assert.That(Directory.GetFiles(Data, "agent.key.*").Select(Path.GetFileName), Is.EqualTo(new[] { SigningKey.FileName }));
    }

    [Test]
    public void Many_changes_one_after_the_other_lead_from_the_first_key_to_the_current_one()
    {
        for (var i = 0; i < 4; i++)
        {
            Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
            Ledger.AppendKeyRotation();
        }

        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Assert.That(Identity.Retired, Has.Length.EqualTo(4));
        Assert.That(Fault(), Is.Null);
    }

    [Test]
    public void What_a_retired_key_signs_afterwards_does_not_hold()
    {
        using var stale = Reopened();
        using var other = LedgerStore.Open(Data, stale, _fixture.Time);
        Ledger.AppendKeyRotation();

        other.AppendHeartbeat(LedgerFixture.Heartbeat);

        Assert.That(Fault(), Does.Contain("Heartbeat with seq 2"));
    }

    [Test]
    public void What_was_signed_before_is_not_believed_of_the_new_key()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.AppendKeyRotation();

        Assert.That(Ledger.Read.Check(Identity.Key.Public, retired: null).Fault, Does.Contain("Key rotation with seq 2"), "the first key is not known");
        Assert.That(Ledger.Read.Check(Identity.Retired[0].Key, Retired()).Fault, Does.Contain("another key"));
    }

    [Test]
    public void A_change_that_could_not_be_written_is_settled_before_anything_else_is_signed()
    {
        var old = Identity.Key.Public;
        Run("CREATE TRIGGER failing BEFORE INSERT ON entry WHEN instr(NEW.bytes, CAST('key-rotate' AS BLOB)) > 0 BEGIN SELECT RAISE(ABORT, 'no'); END");
        Assert.That(() => Ledger.AppendKeyRotation(), Throws.TypeOf<LedgerWriteException>());
        Run("DROP TRIGGER failing");
        Assert.That(Identity.HasUnsettledRotation, Is.True);

        Ledger.AppendTick();

        Assert.That((Identity.Key.Public, Identity.HasUnsettledRotation), Is.EqualTo((old, false)));
        Assert.That(Fault(), Is.Null);
        AssertAgain();

        // And a second try right after a first one that failed.
        void AssertAgain()
        {
            Run("CREATE TRIGGER failing BEFORE INSERT ON entry WHEN instr(NEW.bytes, CAST('key-rotate' AS BLOB)) > 0 BEGIN SELECT RAISE(ABORT, 'no'); END");
            Assert.That(() => Ledger.AppendKeyRotation(), Throws.TypeOf<LedgerWriteException>());
            Run("DROP TRIGGER failing");
            Ledger.AppendKeyRotation();
            Ledger.AppendTick();
            Assert.That((Identity.Key.Public == old, Identity.Retired.Length, Fault()), Is.EqualTo((false, 1, (string?)null)));
        }

        void Run(string sql)
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_fixture.DatabaseFile};Pooling=False");
            connection.Open();
            connection.Run(sql);
        }
    }

    [Test]
    public void A_next_key_that_the_ledger_never_heard_of_is_dropped()
    {
        var old = Identity.Key.Public;
        Identity.BeginRotation();

        using var opened = Reopened();
        using var ledger = LedgerStore.Open(Data, opened, _fixture.Time);

        Assert.That((opened.Key.Public, opened.Retired.IsEmpty, opened.HasUnsettledRotation), Is.EqualTo((old, true, false)));
    }

    [Test]
    public void After_an_earlier_change_too_a_next_key_that_the_ledger_never_heard_of_is_dropped()
    {
        Ledger.AppendKeyRotation();
        var current = Identity.Key.Public;
        Identity.BeginRotation();

        using var opened = Reopened();
        using var ledger = LedgerStore.Open(Data, opened, _fixture.Time);

        Assert.That((opened.Key.Public, opened.Retired.Length, opened.HasUnsettledRotation), Is.EqualTo((current, 1, false)));
    }

    [TestCase("committed")]
    [TestCase("published")]
    [TestCase("old key has two names")]
    public void A_change_that_the_ledger_holds_is_finished_when_it_is_opened(string cutOffAfter)
    {
        var old = Identity.Key.Public;
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        var entry = Commit();
        if (cutOffAfter != "committed")
            RetiredKeys.Publish(Data, [new RetiredKey(old, entry.Time, entry.Epoch, entry.Seq)]);
        if (cutOffAfter == "old key has two names")
            File.Copy(Path.Combine(Data, SigningKey.FileName), Path.Combine(Data, KeyHandover.OldFile));

        using var opened = Reopened();
        using var ledger = LedgerStore.Open(Data, opened, _fixture.Time);
        ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        var named = KeyRotationCodec.Verify(entry, kid => old).Succession!.New;
        Assert.That(opened.Key.Public, Is.EqualTo(named));
        Assert.That(opened.Retired.Select(r => r.Key), Is.EqualTo(new[] { old }), "once");
        Assert.That(Directory.GetFiles(Data, "agent.key.*").Select(Path.GetFileName), Is.EqualTo(new[] { SigningKey.FileName }));
        Assert.That(ledger.Read.Check(opened.Key.Public, Retired()).Fault, Is.Null);
    }

    [Test]
    public void An_old_key_that_a_crash_left_over_is_destroyed_and_the_current_one_stays()
    {
        var pem = File.ReadAllBytes(Path.Combine(Data, SigningKey.FileName));
        Ledger.AppendKeyRotation();
        _fixture.Folder.Write(KeyHandover.OldFile, pem);

        using var opened = Reopened();

        Assert.That(opened.Key.Public, Is.EqualTo(Identity.Key.Public));
        Assert.That(File.Exists(Path.Combine(Data, KeyHandover.OldFile)), Is.False);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_second_name_of_the_current_key_is_taken_away_and_the_key_stays_whole()
    {
        var current = Path.Combine(Data, SigningKey.FileName);
        using (var link = Process.Start("ln", [current, Path.Combine(Data, KeyHandover.OldFile)]))
            await link.WaitForExitAsync();
        Assert.That(File.Exists(Path.Combine(Data, KeyHandover.OldFile)), Is.True);
        var before = Identity.Key.Public;

        using var opened = Reopened();

        using var again = Reopened();
        Assert.That((opened.Key.Public, again.Key.Public), Is.EqualTo((before, before)));
        Assert.That(File.Exists(Path.Combine(Data, KeyHandover.OldFile)), Is.False);
    }

    [Test]
    public void A_next_key_other_than_the_one_in_the_ledger_stops_the_agent()
    {
        Commit();
        KeyFile.WriteSecret(Path.Combine(Data, KeyHandover.NextFile), SigningKey.Make());

        using var opened = Reopened();

        Assert.That(() => LedgerStore.Open(Data, opened, _fixture.Time), Throws.TypeOf<KeyFileException>().With.Message.Contains(KeyHandover.NextFile));
    }

    [Test]
    public void A_change_cut_off_in_this_run_is_settled_before_the_next_one()
    {
        Commit();

        Ledger.AppendKeyRotation();

        Assert.That(Identity.Retired, Has.Length.EqualTo(2));
        Assert.That(Fault(), Is.Null);
    }

    public void Dispose() => _fixture.Dispose();

    // A change of key up to and with the commit of its entry.
    LedgerEntry Commit()
    {
        Identity.BeginRotation();
        var head = Ledger.Read.Head;
        Ledger.Append(EntryTypes.KeyRotate, KeyRotationCodec.EncodeBody(Identity.SignRotation(head.Epoch, head.Seq + 1)));
        return Ledger.Read.NewestKeyRotation!;
    }

    AgentIdentity Reopened() => AgentIdentity.Open(Data, Identity.Site);

    JwkSet Retired() => new([.. RetiredKeys.Read(Data).Select(r => r.Key)]);

    string? Fault() => Ledger.Read.Check(Identity.Key.Public, Retired()).Fault;

    static bool Holds(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }
}

using Agent.Keys;
using Agent.Tests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Agent.Tests.Keys;

sealed class KeyRotationRoundTests : IDisposable
{
    readonly LedgerFixture _fixture = new();
    bool _isKnown = true;

    [Test]
    public void An_agent_that_has_said_nothing_keeps_its_key()
    {
        _fixture.Time.Advance(TimeSpan.FromDays(1000));

        Assert.That(Ran(), Is.Zero);
    }

    [Test]
    public void The_first_key_is_as_old_as_the_ledger_and_the_next_as_old_as_its_predecessors_end()
    {
        _fixture.Ledger.Append("note", LedgerFixture.Body());

        _fixture.Time.Advance(TimeSpan.FromDays(90) - TimeSpan.FromMinutes(1));
        Assert.That(Ran(), Is.Zero);
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(Ran(), Is.EqualTo(1));
        _fixture.Time.Advance(TimeSpan.FromDays(89));
        Assert.That(Ran(), Is.EqualTo(1), "files that were only copied are not new keys");
        _fixture.Time.Advance(TimeSpan.FromDays(1));
        Assert.That(Ran(), Is.EqualTo(2));
    }

    [Test]
    public void A_request_is_honoured_and_answered_once()
    {
        var id = RotationRequest.Leave(_fixture.Folder.Path);

        Assert.That(Ran(), Is.EqualTo(1));
        Assert.That(RotationRequest.Answered(_fixture.Folder.Path, id), Is.EqualTo((true, (string?)null)));
        Assert.That(RotationRequest.Answered(_fixture.Folder.Path, "another"), Is.EqualTo((false, (string?)null)));
        Assert.That(Ran(), Is.EqualTo(1));
    }

    [Test]
    public void A_request_that_cannot_be_honoured_is_answered_with_the_reason()
    {
        File.Move(Path.Combine(_fixture.Folder.Path, SigningKey.FileName), Path.Combine(_fixture.Folder.Path, "lent"));
        var id = RotationRequest.Leave(_fixture.Folder.Path);

        Assert.That(Ran(), Is.Zero);
        var (answered, refusal) = RotationRequest.Answered(_fixture.Folder.Path, id);
        Assert.That((answered, refusal), Is.EqualTo((true, _fixture.Identity.RotationObstacle)));
        Assert.That(refusal, Does.Contain("credential"));
    }

    [Test]
    public void A_key_that_no_audit_server_knows_is_not_changed()
    {
        _isKnown = false;
        _fixture.Ledger.Append("note", LedgerFixture.Body());
        _fixture.Time.Advance(TimeSpan.FromDays(1000));
        Assert.That(Ran(), Is.Zero, "its first statements wait for an audit server that will be told of no other key");

        var id = RotationRequest.Leave(_fixture.Folder.Path);
        Assert.That(Ran(), Is.Zero);
        Assert.That(RotationRequest.Answered(_fixture.Folder.Path, id), Is.EqualTo((true, (string?)KeyRotationRound.Unknown)));

        _isKnown = true;
        Assert.That(Ran(), Is.EqualTo(1));
    }

    public void Dispose() => _fixture.Dispose();

    int Ran()
    {
        var ledger = new KeyLedger(() => _fixture.Ledger.Read.Began, () => _isKnown, () => _fixture.Ledger.AppendKeyRotation());
        new KeyRotationRound(_fixture.Folder.Path, _fixture.Identity, new KeyOptions(), ledger, _fixture.Time, NullLogger<KeyRotationRound>.Instance).Run();
        return _fixture.Identity.Retired.Length;
    }
}

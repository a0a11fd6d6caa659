using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Hosting;
using Agent.Keys;
using Agent.Probing;
using Agent.Recorders;
using Agent.Rounds;
using Agent.Tests.Ledger;
using Agent.Tests.Rounds;
using NUnit.Framework;

namespace Agent.Tests.Hosting;

internal sealed class AttestationContentTests : IDisposable
{
    const string Nonce = "0123456789abcdefABCDEF_-";

    readonly LedgerFixture _agent = new();
    readonly RoundResults _results = new();
    readonly AttestationContent _content;

    public AttestationContentTests()
    {
        var recorder = Reports.Recorder(new CameraOptions { Camera = "front_door", Code = "cam-01" });
        _content = new AttestationContent(_results, new CameraLabels(CameraCodes.Open(_agent.Folder.Path), [recorder]), _agent.Ledger, _agent.Identity, _agent.Time);
    }

    public void Dispose() => _agent.Dispose();

    [Test]
    public void Before_the_first_entry_and_the_first_round_it_stands_at_the_beginning_and_knows_no_camera()
    {
        var said = Verified(nonce: null);

        Assert.That((said.Seq, said.Head, said.Pending, said.OldestPending, said.Receipt, said.AsOf), Is.EqualTo((0L, EntryCodec.NoPrevious, 0L, (long?)null, (string?)null, (DateTimeOffset?)null)));
        Assert.That(said.Cameras, Is.Empty);
        Assert.That(said.Nonce, Is.Null);
    }

    [Test]
    public void It_names_the_head_what_waits_and_the_last_receipt()
    {
        _agent.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        _agent.Ledger.Acknowledge(_agent.Ledger.Read.NextPending()!, "a.b.c");
        var waiting = _agent.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        var said = Verified(Nonce);

        var head = _agent.Ledger.Read.Head;
        Assert.That((said.Site, said.Agent, said.Epoch, said.Seq, said.Head), Is.EqualTo((_agent.Identity.Site, _agent.Identity.Agent, head.Epoch, head.Seq, head.Hash)));
        Assert.That((said.Pending, said.OldestPending), Is.EqualTo((1L, (long?)waiting.Seq)));
        Assert.That(said.Receipt, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("a.b.c")))));
    }

    [Test]
    public void It_carries_the_binding_verdict_of_every_camera_by_its_code_and_the_time_of_the_oldest_look()
    {
        var recorder = Reports.Recorder();
        var earlier = Reports.SawNothing(ProblemCode.MissingFolder, failed: true) with { Recorder = "other", LookedAt = Reports.Now.AddMinutes(-9) };
        var outcome = Reports.Saw(Reports.Footage("front_door", 40), Reports.Footage("yard", 3));
        _results.Set("recordings", new RoundResult(outcome, Reports.Judge(recorder, outcome)));
        _results.Set("other", new RoundResult(earlier, []));

        var said = Verified(Nonce);

        Assert.That(said.AsOf, Is.EqualTo(earlier.LookedAt));
        Assert.That(said.Cameras[0], Is.EqualTo(new CameraVerdict("cam-01", TrackKind.Video, 15, Verdict.Met)));
        Assert.That(said.Cameras[1].Camera, Does.StartWith("c-"), "never the recorder's name for it");
        Assert.That(said.Cameras[1].Verdict, Is.EqualTo(Verdict.Undetermined));
    }

    [Test]
    public void After_a_change_of_key_the_new_one_signs()
    {
        _agent.Ledger.AppendKeyRotation();

        var check = StatementVerifier.VerifyAttestation(_content.Sign(Nonce), _agent.Identity.PublicKeys.Find, _agent.Time.GetUtcNow(), Nonce);

        Assert.That(check.Key, Is.EqualTo(_agent.Identity.Key.Public));
    }

    [Test]
    public void What_is_no_nonce_is_not_signed() => Assert.That(() => _content.Sign("short"), Throws.TypeOf<FormatException>());

    Attestation Verified(string? nonce)
    {
        var check = StatementVerifier.VerifyAttestation(_content.Sign(nonce), _agent.Identity.PublicKeys.Find, _agent.Time.GetUtcNow(), nonce);
        Assert.That(check.Fault, Is.Null);
        return check.Attestation!;
    }
}

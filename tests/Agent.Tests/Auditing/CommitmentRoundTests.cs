using System.Security.Cryptography;
using System.Text;
using Agent.Auditing;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Tests.Probing.Files;
using NUnit.Framework;

namespace Agent.Tests.Auditing;

/// <summary>What the agent commits to, when, and what it gives away by it.</summary>
internal sealed class CommitmentRoundTests : IDisposable
{
    readonly ChallengedSite _site = new();

    [Test]
    public async Task What_is_the_same_at_two_looks_is_committed_to_and_only_the_audit_server_can_open_it()
    {
        var file = _site.Put(minute: 5);

        Assert.That(await _site.Commitments.RunAsync(CancellationToken.None), Is.Zero);
        Assert.That(await _site.Commitments.RunAsync(CancellationToken.None), Is.EqualTo(1));

        var (_, commitment) = _site.Committed().Single();
        var sample = commitment.Sample;
        Assert.That((sample.Camera, sample.Size), Is.EqualTo((_site.Code, new FileInfo(file).Length)));
        Assert.That(sample.Range, Is.EqualTo(new TimeRange(FootageTree.At("09:05:00"), FootageTree.At("09:05:10"))));
        Assert.That(commitment.Digest, Is.EqualTo(Digest(file, sample)));
        var entry = Encoding.UTF8.GetString(_site.Entries(EntryTypes.Commitment)[0].Body.Span);
        Assert.That(entry, Does.Not.Contain(commitment.Digest).And.Not.Contain("salt").And.Not.Contain(ChallengedSite.Camera));
    }

    [Test]
    public async Task What_changed_between_two_looks_is_not_committed_to([Values("grew", "was touched", "is gone")] string how)
    {
        var file = _site.Put();
        await _site.Commitments.RunAsync(CancellationToken.None);
        if (how == "grew")
            await File.AppendAllTextAsync(file, "more");
        else if (how == "was touched")
            File.SetLastWriteTimeUtc(file, FootageTree.At("09:30:00").UtcDateTime);
        else
            File.Delete(file);

        Assert.That(await _site.Commitments.RunAsync(CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task A_file_that_is_still_written_is_not_committed_to()
    {
        _site.Put(source: FootageTree.Unfinished);
        _site.Put(minute: 1, source: FootageTree.Truncated);
        await _site.Commitments.RunAsync(CancellationToken.None);

        Assert.That(await _site.Commitments.RunAsync(CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task So_many_a_camera_and_day_and_no_more()
    {
        for (var minute = 0; minute < 10; minute++)
        {
            _site.Put(minute);
            _site.Put(minute, camera: "back");
        }

        for (var look = 0; look < 5; look++)
            await _site.Commitments.RunAsync(CancellationToken.None);
        Assert.That(_site.Committed().GroupBy(made => made.Commitment.Sample.Camera).Select(g => g.Count()), Is.EqualTo(new[] { 2, 2 }));

        _site.Wait(TimeSpan.FromHours(15));
        await _site.CommitAsync();
        Assert.That(_site.Committed(), Has.Count.EqualTo(8), "the next day brings as many again");
    }

    [Test]
    public async Task Which_segments_are_chosen_is_left_to_chance()
    {
        for (var minute = 0; minute < 12; minute++)
            _site.Put(minute);
        var chosen = new HashSet<DateTimeOffset>();
        for (var day = 0; day < 12; day++)
        {
            using var again = new ChallengedSite();
            for (var minute = 0; minute < 12; minute++)
                again.Put(minute);
            await again.CommitAsync();
            chosen.UnionWith(again.Committed().Select(made => made.Commitment.Sample.Range.From));
        }

        // Twenty-four draws of twelve: that five or fewer came up has a probability below one in a hundred million.
        Assert.That(chosen, Has.Count.GreaterThan(5));
    }

    [Test]
    public async Task Without_a_key_to_seal_to_or_when_it_is_switched_off_nothing_is_committed_to([Values] bool off)
    {
        using var site = new ChallengedSite(new ChallengeOptions { SamplesPerCameraDay = off ? 0 : 2 });
        site.Put();
        if (!off)
            site.SealTo = null;
        await site.Commitments.RunAsync(CancellationToken.None);

        Assert.That(await site.Commitments.RunAsync(CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task A_recorder_that_writes_its_footage_anew_is_not_committed_to()
    {
        using var site = new ChallengedSite(reencodes: true);
        site.Put();
        await site.Commitments.RunAsync(CancellationToken.None);

        Assert.That(await site.Commitments.RunAsync(CancellationToken.None), Is.Zero);
    }

    [Test]
    public void A_sample_lies_all_over_the_segment_and_is_never_small()
    {
        var starts = new HashSet<int>();
        const long size = 10_000_000;
        for (var i = 0; i < 200; i++)
        {
            var sample = SampleChoice.Of("c-1", FootageTree.Range("09:00:00", "09:10:00"), size);
            CommitmentCodec.Encode(new Commitment(sample, new string('a', 64)));
            Assert.That(sample.Parts.Select(part => part.Length), Is.All.EqualTo(SegmentSample.FewestBytes));
            starts.UnionWith(sample.Parts.Select(part => (int)(part.Offset * 20 / size)));
        }

        Assert.That(starts, Has.Count.GreaterThanOrEqualTo(19));
    }

    [TestCase(1)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(393_215)]
    [TestCase(393_216)]
    [TestCase(5_000_000_000)]
    public void A_sample_of_any_size_can_be_written_down(long size)
    {
        var sample = SampleChoice.Of("c-1", FootageTree.Range("09:00:00", "09:10:00"), size);

        var commitment = new Commitment(sample, new string('a', 64));
        Assert.That(CommitmentCodec.Decode(CommitmentCodec.Encode(commitment)), Is.EqualTo(commitment));
        Assert.That(sample.Salt, Is.Not.EqualTo(SampleChoice.Of("c-1", sample.Range, size).Salt));
    }

    public void Dispose() => _site.Dispose();

    static string Digest(string file, SegmentSample sample)
    {
        var bytes = File.ReadAllBytes(file);
        return Convert.ToHexStringLower(SHA256.HashData([.. sample.Salt, .. sample.Parts.SelectMany(part => bytes.AsSpan((int)part.Offset, part.Length).ToArray())]));
    }
}

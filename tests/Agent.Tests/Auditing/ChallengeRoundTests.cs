using System.Text;
using Agent.Auditing;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Probing.Files;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Auditing;

/// <summary>What the agent answers when it is asked for bytes it committed to, after something happened to them.</summary>
internal sealed class ChallengeRoundTests : IDisposable
{
    readonly ChallengedSite _site = new();

    [Test]
    public async Task Footage_that_stayed_answers_and_the_question_is_in_the_register()
    {
        _site.Put(minute: 5);
        var commitment = await _site.CommitAsync();

        var answer = await _site.AskAsync(commitment.Sample);

        Assert.That((answer.Result, answer.Digest), Is.EqualTo((ChallengeResult.Answered, commitment.Digest)));
        Assert.That(Encoding.UTF8.GetString(_site.Entries(EntryTypes.Access).Single().Body.Span), Is.EqualTo("""{"by":"audit-server","what":"challenge"}"""));
    }

    [Test]
    public async Task Footage_that_was_touched_moved_or_renamed_answers([Values("touched", "moved", "renamed")] string how)
    {
        var file = _site.Put(minute: 5);
        var commitment = await _site.CommitAsync();
        if (how == "touched")
            File.SetLastWriteTimeUtc(file, FootageTree.At("09:50:00").UtcDateTime);
        else
            Move(file, how == "moved" ? "2026-11-23/09/attic/05.00.mp4" : "2026-11-23/09/front/05.01.mp4");

        var answer = await _site.AskAsync(commitment.Sample);

        Assert.That((answer.Result, answer.Digest), Is.EqualTo((ChallengeResult.Answered, commitment.Digest)));
    }

    [Test]
    public async Task Footage_that_was_replaced_by_as_many_other_bytes_answers_wrongly()
    {
        var file = _site.Put(minute: 5);
        var commitment = await _site.CommitAsync();
        var written = File.GetLastWriteTimeUtc(file);
        var bytes = await File.ReadAllBytesAsync(file);
        Array.Reverse(bytes);
        await File.WriteAllBytesAsync(file, bytes);
        File.SetLastWriteTimeUtc(file, written);

        var answer = await _site.AskAsync(commitment.Sample);

        Assert.That(answer.Result, Is.EqualTo(ChallengeResult.Answered));
        Assert.That(answer.Digest, Is.Not.EqualTo(commitment.Digest));
    }

    [Test]
    public async Task Footage_that_is_gone_or_was_cut_is_not_found([Values] bool cut)
    {
        var file = _site.Put(minute: 5);
        var commitment = await _site.CommitAsync();
        if (cut)
            await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..^100]);
        else
            File.Delete(file);
        _site.Put(minute: 7, source: FootageTree.Whole);

        Assert.That((await _site.AskAsync(commitment.Sample)).Result, Is.EqualTo(ChallengeResult.NotFound));
    }

    [Test]
    public async Task Of_files_of_one_size_the_one_nearest_in_time_is_read()
    {
        var file = _site.Put(minute: 5);
        var commitment = await _site.CommitAsync();
        var other = _site.Put(minute: 6);
        var bytes = await File.ReadAllBytesAsync(file);
        Array.Reverse(bytes);
        await File.WriteAllBytesAsync(other, bytes);

        Assert.That((await _site.AskAsync(commitment.Sample)).Digest, Is.EqualTo(commitment.Digest));
    }

    [Test]
    public async Task Footage_on_a_disk_that_is_not_there_is_not_called_gone()
    {
        _site.Put(minute: 5);
        var commitment = await _site.CommitAsync();
        Directory.Delete(_site.Root, recursive: true);
        var answer = await _site.AskAsync(commitment.Sample);

        Assert.That(answer.Result, Is.EqualTo(ChallengeResult.Unverifiable));
    }

    [Test]
    public async Task A_recorder_that_writes_its_footage_anew_is_unverifiable()
    {
        using var site = new ChallengedSite(reencodes: true);
        site.Put(minute: 5);

        var answer = await site.AskAsync(SampleChoice.Of(site.Code, FootageTree.Range("09:05:00", "09:05:10"), 400_000));

        Assert.That((answer.Result, answer.Digest), Is.EqualTo((ChallengeResult.Unverifiable, (string?)null)));
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task On_a_disk_that_does_not_answer_nothing_is_missing(int answers)
    {
        _site.Put(minute: 5);
        var sample = (await _site.CommitAsync()).Sample;

        _site.AnswersLeft = answers;
        var hanging = await _site.AskAsync(sample);
        _site.AnswersLeft = null;
        var answering = await _site.AskAsync(sample);

        Assert.That((hanging.Result, hanging.Digest), Is.EqualTo((ChallengeResult.Unverifiable, (string?)null)));
        Assert.That(answering.Result, Is.EqualTo(ChallengeResult.Answered));
    }

    [Test]
    public async Task It_is_no_oracle()
    {
        using var site = new ChallengedSite(new ChallengeOptions { AnswersPerCameraDay = 2, BytesPerSecond = 1 << 30 });
        site.Put(minute: 5);
        var sample = (await site.CommitAsync()).Sample;

        var results = new List<ChallengeResult>();
        for (var i = 0; i < 3; i++)
            results.Add((await site.AskAsync(sample)).Result);
        site.Wait(TimeSpan.FromDays(1));
        results.Add((await site.AskAsync(sample)).Result);

        Assert.That(results, Is.EqualTo(new[] { ChallengeResult.Answered, ChallengeResult.Answered, ChallengeResult.Unverifiable, ChallengeResult.Answered }));
        Assert.That(site.Entries(EntryTypes.Access), Has.Count.EqualTo(4), "every question is in the register, answered or not");
    }

    [Test]
    public async Task Footage_is_read_slowly()
    {
        var time = new FakeTimeProvider();
        var reader = new SampleReader(new ChallengeOptions { BytesPerSecond = 64 << 10 }, time);
        var size = new FileInfo(ChallengedSite.Clip).Length;
        var sample = SampleChoice.Of("c-1", FootageTree.Range("09:00:00", "09:10:00"), size);
        Assert.That(sample.Parts, Has.Length.EqualTo(3));

        var reading = reader.DigestAsync(ChallengedSite.Clip, sample, CancellationToken.None);
        for (var second = 0; second < 3; second++)
        {
            Assert.That(reading.IsCompleted, Is.False, $"{second} s for three parts of 64 KiB at 64 KiB a second");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(await reading.WaitAsync(TimeSpan.FromSeconds(20)), Is.Not.Null);
    }

    public void Dispose() => _site.Dispose();

    void Move(string file, string to)
    {
        var target = Path.Combine(_site.Root, to);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(file, target);
    }
}

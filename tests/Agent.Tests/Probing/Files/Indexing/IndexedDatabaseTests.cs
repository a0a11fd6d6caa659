using Agent.Evidence.Timelines;
using Agent.Tests.Probing.Files.Generators;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Indexing;

/// <summary>Recorders whose own index is a database, looked at again and again.</summary>
internal sealed class IndexedDatabaseTests
{
    [Test]
    public void What_only_the_log_of_a_database_holds_is_seen_at_the_next_look()
    {
        using var tree = new IndexedTree("moonfire");
        using var database = new MoonfireGenerator(tree.Tree.Root, logs: true);
        database.Record("front", "main", [new TimeRange(tree.Ago(TimeSpan.FromHours(3)), tree.Ago(TimeSpan.FromHours(2)))]);
        tree.Pass(TimeSpan.FromMinutes(1));
        Assert.That(tree.Look().Cameras.Single().Observation.Recorded, Has.Count.EqualTo(1));
        tree.Pass(TimeSpan.FromMinutes(10)); // nothing changes, and the folder comes to be believed
        Assert.That(tree.Look().Cameras.Single().Observation.Recorded, Has.Count.EqualTo(1));

        database.Record("back", "main", [new TimeRange(tree.Ago(TimeSpan.FromHours(1)), tree.Ago(TimeSpan.Zero))]);
        tree.Pass(TimeSpan.FromMinutes(10));

        Assert.That(tree.Look().Cameras.Select(c => c.Observation.Camera), Is.EqualTo(new[] { "back", "front" }));
    }

    /// <summary>What is uncertain in an index is so after a restart too.</summary>
    [Test]
    public void What_an_index_leaves_uncertain_stays_so_from_look_to_look()
    {
        using var tree = new IndexedTree("hikvision");
        TimeRange[] segments = [new(tree.Ago(TimeSpan.FromHours(3)), tree.Ago(TimeSpan.FromHours(2))), new(tree.Ago(TimeSpan.FromHours(2)), tree.Ago(TimeSpan.FromHours(1)))];
        var folder = HikvisionIndexGenerator.Write(tree.Tree.Root, [new HikvisionFile(1, segments, IsOpen: true)]);
        File.SetLastWriteTimeUtc(Path.Combine(folder, "index00.bin"), segments[1].From.UtcDateTime);

        tree.Pass(TimeSpan.FromMinutes(10));
        for (var look = 0; look < 3; look++)
        {
            var seen = tree.Look().Cameras.Single().Observation;
            Assert.That(seen.Recorded.Single().To, Is.EqualTo(segments[1].From), $"look {look}");
            Assert.That((seen.Unseen.Single().From, seen.Unseen.Single().To), Is.EqualTo((segments[1].From, tree.Time.GetUtcNow())), $"look {look}");
            tree.Restart();
            tree.Pass(TimeSpan.FromMinutes(10));
        }
    }
}

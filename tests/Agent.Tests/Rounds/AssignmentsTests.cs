using Agent.Evidence.Statements;
using Agent.Rounds;
using NUnit.Framework;

namespace Agent.Tests.Rounds;

/// <summary>What the authority assigned, over restarts.</summary>
internal sealed class AssignmentsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Test]
    public void What_was_assigned_last_counts_and_outlives_a_restart()
    {
        var assignments = new Assignments(_folder.Path);
        Assert.That(assignments.For("c-1"), Is.Null);

        assignments.Take(new AssignAsk("s-1", "c-1", 15));
        assignments.Take(new AssignAsk("s-2", "c-2", 7));
        assignments.Take(new AssignAsk("s-3", "c-1", 30));

        foreach (var read in new[] { assignments, new Assignments(_folder.Path) })
            Assert.That((read.For("c-1"), read.For("c-2"), read.For("c-3")), Is.EqualTo(((int?)30, (int?)7, (int?)null)));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{\"c-1\":")]
    public void A_file_of_noise_assigns_nothing_and_is_written_anew(string noise)
    {
        _folder.Write(Assignments.FileName, noise);

        var assignments = new Assignments(_folder.Path);
        assignments.Take(new AssignAsk("s-1", "c-1", 15));

        Assert.That(new Assignments(_folder.Path).For("c-1"), Is.EqualTo(15));
    }

    public void Dispose() => _folder.Dispose();
}

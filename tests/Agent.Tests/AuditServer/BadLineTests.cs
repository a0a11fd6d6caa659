using System.Globalization;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

/// <summary>
/// Whatever the line does: what the agent issued is what the server accepted, once and in order. <c>BAD_LINE_SEEDS</c> sets how many
/// seeds are tried and <c>BAD_LINE_FIRST_SEED</c> the first of them, for example one that failed.
/// </summary>
sealed class BadLineTests
{
    static readonly int Seeds = Setting("BAD_LINE_SEEDS", 26);
    static readonly int First = Setting("BAD_LINE_FIRST_SEED", 1);

    [Test]
    public async Task What_was_issued_is_what_was_accepted_once_and_in_order()
    {
        var met = new HashSet<LineFault>();
        for (var seed = First; seed < First + Seeds; seed++)
            met.UnionWith(await RunAsync(TestDatabase.Sqlite, seed));

        if (Seeds >= 25)
            Assert.That(met, Is.EquivalentTo(Enum.GetValues<LineFault>()), "every fault was met");
    }

    [Test]
    public Task And_so_it_is_on_PostgreSQL() => RunAsync(TestDatabase.Postgres, First);

    static async Task<IReadOnlySet<LineFault>> RunAsync(TestDatabase database, int seed)
    {
        try
        {
            await using var run = await BadLineRun.StartAsync(database, seed);
            await run.RunAsync();
            run.Check();
            return run.Met;
        }
        catch (Exception e) when (e is not IgnoreException)
        {
            throw new AssertionException($"BAD_LINE_FIRST_SEED={seed} BAD_LINE_SEEDS=1: {e}", e);
        }
    }

    static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : usual;
}

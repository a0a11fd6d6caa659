using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Probing.Files;
using Agent.Probing.Files.Layouts;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Layouts;

/// <summary>
/// Names nobody would give a file, held against every layout: none throws, none takes long, and what is read out of a name stays
/// within the calendar. RETENTION_NAMES says how many (50,000), RETENTION_SEED where to begin.
/// </summary>
internal sealed class HostileNamesTests
{
    static readonly int Names = Number("RETENTION_NAMES", 50_000);
    static readonly int Seed = Number("RETENTION_SEED", 1);

    static readonly TimeZoneInfo[] Zones = [.. new[] { "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC" }.Select(TimeZoneInfo.FindSystemTimeZoneById)];
    static readonly DateTimeOffset[] Written = [DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, new(2026, 11, 1, 6, 30, 0, TimeSpan.Zero), DateTimeOffset.MaxValue];
    static readonly TimeSpan[] Lengths = [TimeSpan.Zero, TimeSpan.FromMinutes(10), TimeSpan.FromDays(4000), TimeSpan.MaxValue];

    static readonly string[] Splinters =
    [
        "\"", "'", "\n", "\r\n", "\0", " ", "-o", "--", "..", "../..", ".", "/", "//", "\\", "%", "%Y", "{camera}", "*", "?", "[", "]", "[R][0@0][0]", "_", "-",
        "0", "00", "9", "99", "9999", "99999999999999999999999999", "-1", "+0800", "+9999", "24", "60", "02-30", "2026-02-30", "1793678706", "1793678706000", "٣", "２", "\uD800", "\uFFFD", "🎥", "前门",
        "@SSRECMETA/RecLog/", "index00.bin", "db/db", "init.mp4", "incomplete", ".mp4", ".dav", "e\u0301", "\u202E",
    ];

    [Test]
    public void No_name_makes_a_layout_throw()
    {
        var random = new Random(Seed);
        var (placed, slowest) = (0, TimeSpan.Zero);
        string[] layouts = [.. WrittenNames.Of.Keys];
        for (var i = 0; i < Names; i++)
        {
            var path = Mutated(random, WrittenNames.Of[layouts[i % layouts.Length]]("front_door", new DateTime(2026, 11, 1, 1, 30, 5).AddSeconds(i), DateTimeOffset.UnixEpoch.AddSeconds(1793678706 + i), i));
            var began = TimeProvider.System.GetTimestamp();
            foreach (var layout in KnownLayouts.All)
                placed += Held(layout, path, Zones[i % Zones.Length]) ? 1 : 0;
            var took = TimeProvider.System.GetElapsedTime(began);
            slowest = took > slowest ? took : slowest;
        }
        Assert.That(placed, Is.GreaterThan(Names / 50), "mutation leaves some names whole, or nothing was tried");
        Assert.That(slowest, Is.LessThan(TimeSpan.FromMinutes(1)), "one name, on a machine that has other things to do");
        TestContext.Out.WriteLine($"{Names} names against {KnownLayouts.All.Count} layouts, {placed} times placed, slowest {slowest.TotalMilliseconds:0.0} ms");
    }

    [Test]
    public void No_sample_of_names_makes_recognition_throw()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 100; i++)
        {
            var sample = WrittenNames.Of.Values.Select(n => Mutated(random, n("c", DateTime.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(20_000), i))).Select(p => new FootageFile(p, p)).ToList();

            Assert.That(() => (KnownLayouts.Recognise(sample), UnrecognisedTree.Tell(sample)), Throws.Nothing);
            Assert.That(UnrecognisedTree.Tell(sample), Does.Not.Contain("\n").And.Not.Contain("\0"));
        }
    }

    static bool Held(Layout layout, string path, TimeZoneInfo zone)
    {
        try
        {
            _ = layout.Explains(path);
            _ = layout.IsBeside(path);
            _ = layout.Template.MatchesFolder(path.Split('/').AsSpan()[..^1], out _);
            if (!layout.TryPlace(path.AsSpan(0, path.Length - Path.GetExtension(path).Length), "root", zone, out var camera, out var start))
                return false;
            Assert.That(camera, Is.Not.Empty);
            Assert.That(start.Earliest, Is.LessThanOrEqualTo(start.Latest));
            foreach (var written in Written)
                foreach (var length in Lengths)
                {
                    var begin = start.Resolve(written, length);
                    Assert.That(begin is null || start.ByEnd || begin == start.Earliest || begin == start.Latest, Is.True);
                    Assert.That(start.MayLie(written, length), Is.Not.EqualTo(default(TimeRange)));
                    _ = start.MayLie(written, null);
                }
            return true;
        }
        catch (Exception e) when (e is not AssertionException)
        {
            throw new AssertionException($"{layout.Name} threw at {Printable.Text(path)} (RETENTION_SEED={Seed})", e);
        }
    }

    /// <summary>A real name with none to a few places damaged.</summary>
    static string Mutated(Random random, string name)
    {
        var damages = random.Next(5);
        for (var d = 0; d < damages; d++)
        {
            var at = random.Next(name.Length + 1);
            var splinter = random.Next(200) == 0 ? new string("0-_aA./"[random.Next(7)], random.Next(1, 4000)) : Splinters[random.Next(Splinters.Length)];
            name = random.Next(3) switch
            {
                0 => name.Insert(at, splinter),
                1 => name[..at] + name[Math.Min(name.Length, at + random.Next(4))..],
                _ => name[..at] + splinter + name[Math.Min(name.Length, at + splinter.Length)..],
            };
        }
        return name;
    }

    static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}

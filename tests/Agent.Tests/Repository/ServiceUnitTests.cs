using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Agent.Tests.Repository;

internal sealed partial class ServiceUnitTests
{
    const double MostExposure = 1.5;

    static readonly string Unit = File.ReadAllText(RepositoryTree.PathOf("deploy", "retention-agent.service"));

    [Test]
    public void The_unit_exposes_little() =>
        Assert.That(ExposureOf(Unit), Is.LessThanOrEqualTo(MostExposure));

    [Test]
    public void A_bare_unit_is_found_to_expose_much() =>
        Assert.That(ExposureOf("[Service]\nExecStart=/bin/true\n"), Is.GreaterThan(MostExposure));

    [Test]
    public void Systemd_understands_every_line_of_the_unit() =>
        Assert.That(Complaints(Unit), Is.Empty);

    [Test]
    public void A_misspelt_line_is_found() =>
        Assert.That(Complaints(Unit.Replace("NoNewPrivileges", "NoNewPrivilege", StringComparison.Ordinal)), Does.Contain("NoNewPrivilege"));

    // Both cost a little exposure: the first kills the runtime at once, the second hides the boot id from the ledger.
    [TestCase("MemoryDenyWriteExecute=yes")]
    [TestCase("ProcSubset=pid")]
    public void What_the_agent_cannot_live_with_is_absent(string line) =>
        Assert.That(Unit.Split('\n'), Has.None.EqualTo(line));

    [TestCase("Type=notify")]
    [TestCase("WatchdogSec=10min")]
    [TestCase("ProtectSystem=strict")]
    [TestCase("IOSchedulingClass=idle")]
    [TestCase("MemoryMax=200M")]
    [TestCase("LimitCORE=0")]
    public void What_the_agent_promises_is_in_the_unit(string line) =>
        Assert.That(Unit.Split('\n'), Has.One.EqualTo(line));

    static double ExposureOf(string unit)
    {
        var report = Analyze(unit, "security", "--offline=true", "--no-pager");
        return double.Parse(Exposure().Match(report).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    // The program is not installed here, so the check runs against one that is.
    static string Complaints(string unit) =>
        Analyze(unit.Replace("ExecStart=/opt/retention-agent/retention-agent", "ExecStart=/bin/true", StringComparison.Ordinal), "verify", "--man=no");

    static string Analyze(string unit, params string[] verb)
    {
        var folder = Directory.CreateTempSubdirectory("unit");
        try
        {
            var path = Path.Combine(folder.FullName, "retention-agent.service");
            File.WriteAllText(path, unit);
            using var analyze = Process.Start(new ProcessStartInfo("systemd-analyze", [.. verb, path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = analyze.StandardError.ReadToEndAsync();
            return analyze.StandardOutput.ReadToEnd() + errors.Result;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("systemd-analyze (Debian package systemd) is missing: the unit is not judged");
            throw;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"Overall exposure level .*: (\d+\.\d+)")]
    private static partial Regex Exposure();
}

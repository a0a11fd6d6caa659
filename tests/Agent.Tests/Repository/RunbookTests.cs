using System.Text.RegularExpressions;
using Agent.Auditing;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using AuditServer.Intake;
using NUnit.Framework;

namespace Agent.Tests.Repository;

internal sealed class RunbookTests
{
    static readonly string Runbook = File.ReadAllText(RepositoryTree.PathOf("deploy", "RUNBOOK.md"));

    [Test]
    public void Every_reason_has_a_section([Values] VerdictReason reason) =>
        Assert.That(HasSection(Runbook, reason.ToString()), Is.True);

    [Test]
    public void Every_finding_has_a_section([Values] FindingCode finding) =>
        Assert.That(HasSection(Runbook, finding.ToString()), Is.True);

    [Test]
    public void Every_problem_has_a_section([Values] ProblemCode problem) =>
        Assert.That(HasSection(Runbook, problem.ToString()), Is.True);

    [Test]
    public void Every_refusal_of_the_poll_API_has_a_section([Values] PollRefusal refusal) =>
        Assert.That(HasSection(Runbook, refusal.ToString()), Is.True);

    [Test]
    public void Every_refusal_of_the_audit_server_has_a_section([Values] RefusalCode code) =>
        Assert.That(HasSection(Runbook, code.ToString()), Is.True);

    [Test]
    public void Every_finding_of_the_audit_server_has_a_section()
    {
        var told = RepositoryTree.Files("src/AuditServer", "*.cs")
            .SelectMany(file => Regex.Matches(file.Text, """(?:new ReceiptFinding\("|agent, "|(?:Unanswered|Missing) = "|code = '|, ')([A-Z][A-Za-z]+)(?="|')""").Select(match => match.Groups[1].Value))
            .Distinct().ToList();

        Assert.That(told, Does.Contain("UnknownReceipt").And.Contain("MissingHeartbeat").And.Contain("Late"));
        Assert.That(told.Where(code => !HasSection(Runbook, code)), Is.Empty);
    }

    [Test]
    public void No_section_is_empty_or_written_twice()
    {
        var sections = Runbook.Split("\n### ")[1..].Select(section => section.Split('\n', 2)).ToList();

        Assert.That(sections.Select(section => section[0]), Is.Unique);
        Assert.That(sections.Where(section => section[1].Trim().Length < 80).Select(section => section[0]), Is.Empty);
    }

    [Test]
    public void A_missing_section_is_found() =>
        Assert.That(HasSection("### BeginsLater\n\nBeginsLate is mentioned.", "BeginsLate"), Is.False);

    static bool HasSection(string text, string name) => text.Split('\n').Contains("### " + name);
}

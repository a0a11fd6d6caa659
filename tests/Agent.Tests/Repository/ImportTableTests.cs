using NUnit.Framework;

namespace Agent.Tests.Repository;

internal sealed class ImportTableTests
{
    static readonly SourceFile Outbox = new(
        "src/Agent/Delivery/Outbox.cs",
        "namespace Agent.Delivery; internal sealed class Outbox { public int Depth => 0; }");

    [Test]
    public void Every_folder_uses_only_what_the_table_allows() =>
        Assert.That(ImportTable.Violations(RepositoryTree.Source), Is.Empty);

    [Test]
    public void The_rules_read_the_real_source() =>
        Assert.That(RepositoryTree.Source.Uses, Has.Some.Matches<CodeModel.Use>(use =>
            use!.File.Path.StartsWith("src/Agent/", StringComparison.Ordinal) && use.Namespace.StartsWith("Agent.Evidence.", StringComparison.Ordinal)));

    [Test]
    public void An_import_of_a_forbidden_folder_is_found() =>
        Assert.That(With("src/Agent/Rounds/X.cs", "using Agent.Delivery; namespace Agent.Rounds; internal sealed class X;"), Has.One.Contains("Rounds may not use Delivery"));

    [Test]
    public void A_sibling_named_without_an_import_is_found() =>
        Assert.That(With("src/Agent/Rounds/X.cs", "namespace Agent.Rounds; internal sealed class X { Delivery.Outbox? _box; }"), Has.Some.Contains("Rounds may not use Delivery"));

    [Test]
    public void A_type_named_in_full_is_found() =>
        Assert.That(With("src/Agent/Rounds/X.cs", "namespace Agent.Rounds; internal sealed class X { global::Agent.Delivery.Outbox? _box; }"), Has.Some.Contains("Rounds may not use Delivery"));

    [Test]
    public void A_property_that_shares_a_folders_name_is_not_a_use_of_it() =>
        Assert.That(With("src/Agent/Rounds/X.cs", "namespace Agent.Rounds; internal sealed class X { string Delivery => \"\"; int Length => Delivery.Length; }"), Is.Empty);

    [Test]
    public void An_allowed_use_passes() =>
        Assert.That(With("src/Agent/Cli/X.cs", "using Agent.Delivery; namespace Agent.Cli; internal sealed class X { Outbox? _box; }"), Is.Empty);

    [Test]
    public void A_folder_outside_the_table_is_found() =>
        Assert.That(With("src/Agent/Misc/X.cs", "namespace Agent.Misc;"), Has.One.Contains("'Misc'"));

    [Test]
    public void The_folders_of_the_evidence_have_an_order_of_their_own() =>
        Assert.That(
            ImportTable.Violations(CodeModel.Of(
            [
                new("src/Agent.Evidence/Verdicts/V.cs", "namespace Agent.Evidence.Verdicts; public sealed class V;"),
                new("src/Agent.Evidence/Timelines/T.cs", "namespace Agent.Evidence.Timelines; public sealed class T { Verdicts.V? _v; }"),
            ])),
            Has.Some.Contains("Evidence.Timelines may not use Evidence.Verdicts"));

    [Test]
    public void The_audit_server_sees_the_evidence_only() =>
        Assert.That(With("src/AuditServer/Intake/X.cs", "namespace AuditServer.Intake; internal sealed class X { Agent.Delivery.Outbox? _box; }"), Has.Some.Contains("AuditServer may not use Delivery"));

    static IEnumerable<string> With(string path, string text) =>
        ImportTable.Violations(CodeModel.Of([Outbox, new SourceFile(path, text)]));
}

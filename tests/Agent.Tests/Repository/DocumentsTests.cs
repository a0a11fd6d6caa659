using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Agent.Tests.Repository;

/// <summary>Prose drifts unless something checks it.</summary>
internal sealed partial class DocumentsTests
{
    [Test]
    public void Every_link_in_a_document_leads_somewhere()
    {
        SourceFile readme = new("README.md", File.ReadAllText(RepositoryTree.PathOf("README.md")));

        Assert.That(
            DeadLinks([readme, .. RepositoryTree.Files("src", "*.md"), .. RepositoryTree.Files("deploy", "*.md")], path => Path.Exists(RepositoryTree.PathOf(path))),
            Is.Empty);
    }

    [Test]
    public void A_dead_link_is_found() =>
        Assert.That(
            DeadLinks([new("src/A.md", "[here](B.md#part), [there](../README.md), [out](https://example.org), [gone](C.md)")], path => path is "src/B.md" or "README.md"),
            Is.EqualTo(["src/A.md links to C.md, which does not exist"]));

    [Test]
    public void The_architecture_page_has_the_table_that_is_enforced()
    {
        var written = TableRow().Matches(File.ReadAllText(RepositoryTree.PathOf("src", "ARCHITECTURE.md")).Split("## Who may use whom")[1].Split("\n## ")[0])
            .Where(row => row.Groups[1].Value != "folder")
            .ToDictionary(row => row.Groups[1].Value, row => Expand(row.Groups[2].Value));

        var enforced = ImportTable.Allowed.Where(row => row.Key != "Program.cs")
            .ToDictionary(row => row.Key, row => row.Value.Order(StringComparer.Ordinal).ToArray());
        Assert.That(written, Is.EquivalentTo(enforced));
    }

    static string[] Expand(string cell) =>
    [
        .. cell.Split(',', StringSplitOptions.TrimEntries)
            .Where(name => name != "–")
            .SelectMany(name => name == "Evidence" ? ImportTable.Evidence : [name])
            .Order(StringComparer.Ordinal),
    ];

    static IEnumerable<string> DeadLinks(IEnumerable<SourceFile> documents, Func<string, bool> exists) =>
        from document in documents
        from link in Link().Matches(document.Text)
        let target = link.Groups[1].Value
        where !target.Contains("://", StringComparison.Ordinal)
        let folder = Path.GetDirectoryName(document.Path) ?? ""
        let path = Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, target))).Replace('\\', '/')
        where !exists(path)
        select $"{document.Path} links to {target}, which does not exist";

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| ([\w.]+) \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}

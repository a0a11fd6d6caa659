using System.Management.Automation.Language;
using NUnit.Framework;

namespace Agent.Tests.Repository;

/// <summary>What Windows PowerShell 5.1 would stumble over, read from the syntax tree of PowerShell 7.</summary>
internal sealed class InstallScriptSyntaxTests
{
    // Microsoft.PowerShell.Core is part of the engine; every other command would need a module to load.
    static readonly string[] EngineCommands = ["ForEach-Object", "Where-Object", "Set-StrictMode"];

    static readonly string Script = File.ReadAllText(RepositoryTree.PathOf("install.ps1"));

    [Test]
    public void The_script_is_plain_ascii() =>
        Assert.That(Script.Where(c => c > '\x7f'), Is.Empty, "Windows PowerShell 5.1 reads a script without a byte order mark in the machine's code page");

    [Test]
    public void The_script_is_valid_and_uses_nothing_newer_than_5_1() =>
        Assert.That(Complaints(Script), Is.Empty);

    [TestCase("if ($x {", "syntax")]
    [TestCase("$a = $b ? 1 : 2", "ternary")]
    [TestCase("$a = $b ?? 2", "??")]
    [TestCase("$b ??= 2", "??=")]
    [TestCase("whoami && exit", "&&")]
    [TestCase("$a = ${b}?.Length", "?.")]
    [TestCase("$a = ${b}?.ToString()", "?.")]
    [TestCase("if ($IsLinux) { exit }", "$IsLinux")]
    [TestCase("Get-Content x", "Get-Content")]
    public void Something_newer_or_missing_is_found(string script, string complaint) =>
        Assert.That(Complaints(script), Has.Some.Contains(complaint));

    static List<string> Complaints(string script)
    {
        var tree = Parser.ParseInput(script, out _, out var errors);
        var own = tree.FindAll(node => node is FunctionDefinitionAst, searchNestedScriptBlocks: true)
            .Select(node => ((FunctionDefinitionAst)node).Name)
            .Concat(EngineCommands)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. errors.Select(error => $"syntax: {error.Message}"),
            .. tree.FindAll(_ => true, searchNestedScriptBlocks: true).Select(node => ComplaintAbout(node, own)).OfType<string>(),
        ];
    }

    static string? ComplaintAbout(Ast node, HashSet<string> commands) => node switch
    {
        TernaryExpressionAst => $"ternary: {node.Extent.Text}",
        PipelineChainAst => $"&& or ||: {node.Extent.Text}",
        BinaryExpressionAst { Operator: TokenKind.QuestionQuestion } => $"??: {node.Extent.Text}",
        AssignmentStatementAst { Operator: TokenKind.QuestionQuestionEquals } => $"??=: {node.Extent.Text}",
        MemberExpressionAst { NullConditional: true } => $"?.: {node.Extent.Text}",
        VariableExpressionAst { VariablePath.UserPath: "IsLinux" or "IsMacOS" or "IsWindows" or "IsCoreCLR" } => $"5.1 has no {node.Extent.Text}",
        CommandAst command when command.GetCommandName() is not { } name || !commands.Contains(name) => $"not a command of ours or the engine: {node.Extent.Text}",
        _ => null,
    };
}

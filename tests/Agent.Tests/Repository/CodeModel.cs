using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Agent.Tests.Repository;

/// <summary>
/// Source files as the compiler understands them. Rules ask what a name means, not how it is spelt:
/// <c>using Agent.Delivery;</c>, the un-imported sibling <c>Delivery.Outbox</c> and a member reached through
/// <c>var</c> are all uses of the same folder.
/// </summary>
internal sealed class CodeModel
{
    // What the SDK imports by itself; without it names from these namespaces would mean nothing here.
    const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    static readonly string[] OurAssemblies =
        ["Agent.Evidence", "retention-agent", "retention-audit-server", "retention-demo", "Agent.Tests"];

    // Kept, because reading the metadata is most of what a compilation costs.
    static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => !OurAssemblies.Contains(Path.GetFileNameWithoutExtension(path)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    CodeModel(IReadOnlyList<SourceFile> files, IReadOnlyList<Use> uses, IReadOnlyList<DeclaredType> types)
    {
        Files = files;
        Uses = uses;
        Types = types;
    }

    public IReadOnlyList<SourceFile> Files { get; }

    public IReadOnlyList<Use> Uses { get; }

    public IReadOnlyList<DeclaredType> Types { get; }

    /// <summary>One name in one file, and the namespace, type or member it stands for.</summary>
    public sealed record Use(SourceFile File, int Line, ISymbol Symbol)
    {
        public string Namespace => Symbol is INamespaceSymbol space
            ? space.ToDisplayString()
            : Symbol.ContainingNamespace?.ToDisplayString() ?? "";

        public INamedTypeSymbol? Type => Symbol as INamedTypeSymbol ?? Symbol.ContainingType;

        public override string ToString() => $"{File.Path}:{Line} uses {Symbol.ToDisplayString()}";
    }

    public sealed record DeclaredType(SourceFile File, INamedTypeSymbol Symbol)
    {
        public override string ToString() => $"{File.Path} declares {Symbol.ToDisplayString()}";
    }

    public static CodeModel Of(IReadOnlyList<SourceFile> files)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Path)).ToList();
        var compilation = CSharpCompilation.Create(
            "Source",
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, options)],
            References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

        var uses = new List<Use>();
        var types = new List<DeclaredType>();
        foreach (var (file, tree) in files.Zip(trees))
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is SimpleNameSyntax && MeaningOf(model, node) is { } symbol)
                    uses.Add(new Use(file, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, symbol));
                else if (node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && model.GetDeclaredSymbol(node) is INamedTypeSymbol type)
                    types.Add(new DeclaredType(file, type));
            }
        }

        return new CodeModel(files, uses, types);
    }

    static ISymbol? MeaningOf(SemanticModel model, SyntaxNode name)
    {
        var info = model.GetSymbolInfo(name);
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        return symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol;
    }
}

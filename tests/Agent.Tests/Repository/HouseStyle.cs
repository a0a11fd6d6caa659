using Microsoft.CodeAnalysis;

namespace Agent.Tests.Repository;

/// <summary>How code reads here, as far as a machine can tell.</summary>
internal static class HouseStyle
{
    const int LongestFile = 400;

    static readonly string[] EmptySuffixes =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Service", "Handler", "Processor", "Base", "Impl", "Dto"];

    public static IEnumerable<string> EmptyNames(CodeModel code) =>
        from type in code.Types
        from suffix in EmptySuffixes
        where type.Symbol.Name.EndsWith(suffix, StringComparison.Ordinal)
        select $"{type}: '{suffix}' says nothing about what it does";

    public static IEnumerable<string> LongFiles(IEnumerable<SourceFile> files) =>
        from file in files
        let lines = file.Text.AsSpan().TrimEnd().Count('\n') + 1
        where lines > LongestFile
        select $"{file.Path} has {lines} lines, more than {LongestFile}: it holds more than one thought";

    /// <summary>A type named like a namespace it can meet makes callers write the name in full, and readers guess.</summary>
    public static IEnumerable<string> NamespaceClashes(CodeModel code) =>
        from type in code.Types
        where code.Types.Any(other => Meet(type.File, other.File) && other.Symbol.ContainingNamespace.ToDisplayString().Split('.').Contains(type.Symbol.Name))
        select $"{type}, and a namespace has that name";

    // The projects do not see each other, and all of them see Agent.Evidence.
    static bool Meet(SourceFile one, SourceFile other)
    {
        var projects = new[] { one.Path.Split('/')[1], other.Path.Split('/')[1] };
        return projects[0] == projects[1] || projects.Contains("Agent.Evidence");
    }

    public static IEnumerable<string> MisplacedNamespaces(CodeModel code) =>
        from type in code.Types
        let expected = string.Join('.', type.File.Path.Split('/')[1..^1])
        let actual = type.Symbol.ContainingNamespace.ToDisplayString()
        where actual != expected
        select $"{type.File.Path} declares namespace {actual}, and its folder says {expected}";

    public static IEnumerable<string> PublicTypesOfTheAgent(CodeModel code) =>
        from type in code.Types
        where type.File.Path.StartsWith("src/Agent/", StringComparison.Ordinal)
        where type.Symbol is { ContainingType: null, DeclaredAccessibility: Accessibility.Public }
        select $"{type} as public: what the agent is made of is internal";

    public static IEnumerable<string> NeedlessInterfaces(CodeModel code)
    {
        var declared = code.Types.Select(type => type.Symbol).ToList();
        return
            from type in code.Types
            where type.Symbol.TypeKind == TypeKind.Interface
            let implementations = declared
                .Where(candidate => candidate.TypeKind is TypeKind.Class or TypeKind.Struct && !candidate.IsAbstract)
                .Where(candidate => candidate.AllInterfaces.Any(item => SymbolEqualityComparer.Default.Equals(item.OriginalDefinition, type.Symbol)))
                .Distinct<ISymbol>(SymbolEqualityComparer.Default)
                .Count()
            where implementations < 2
            select $"{type} with {implementations} implementation(s): use the concrete type";
    }

    public static IEnumerable<string> Regions(IEnumerable<SourceFile> files) =>
        from file in files
        from line in file.Text.Split('\n')
        where line.TrimStart().StartsWith("#region", StringComparison.Ordinal)
        select $"{file.Path} has a region: split the file instead";

    /// <summary>The using block at a file's head is its list of dependencies, so nothing of ours is imported for all.</summary>
    public static IEnumerable<string> GlobalUsings(IEnumerable<SourceFile> files) =>
        from file in files
        from line in file.Text.Split('\n').Select(line => line.Trim())
        where line.StartsWith("global using ", StringComparison.Ordinal) || line.StartsWith("<Using ", StringComparison.Ordinal)
        where new[] { "Agent.", "AuditServer", "Demo" }.Any(line.Contains)
        select $"{file.Path} imports for every file: {line}";
}

using System.Collections.Frozen;

namespace Agent.Probing.Files.Indexing;

/// <summary>Which entries of a tree are looked at.</summary>
/// <param name="extensions">Extensions of footage files, with the dot, in any case.</param>
internal sealed class TreeRules(IEnumerable<string> extensions)
{
    // What a file system or desktop keeps at the top of a disk, closed to us: no recorder writes there, and deleted footage is not kept footage.
    static readonly FrozenSet<string> NotOfRecorders =
        new[] { "lost+found", "System Volume Information", "$RECYCLE.BIN" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _extensions =
        extensions.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public bool IsFootage(ReadOnlySpan<char> name) => _extensions.Contains(Path.GetExtension(name));

    public static bool IsOfRecorder(string folder) => !NotOfRecorders.Contains(folder);
}

using System.Security.Cryptography;
using System.Text;

namespace Agent.Hosting;

/// <summary>
/// Which program runs: SHA-256 over all files of it, because the executable alone only starts what lies beside it. It is what
/// <c>sha256sum</c> makes of the list that <c>sha256sum</c> prints of them, so that anybody can make it of a release.
/// </summary>
internal static class ProgramHash
{
    static readonly string[] Executables = ["retention-agent", "retention-agent.exe"];
    static readonly string[] Endings = [".dll", ".so", ".deps.json", ".runtimeconfig.json"];

    // A link is no file of the program: where it leads may be the whole disk. One in the place of a file changes the hash.
    static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>Lower-case hex.</summary>
    /// <param name="folder">Where the program lies.</param>
    /// <exception cref="IOException">A file of it cannot be read.</exception>
    public static string Of(string folder)
    {
        var list = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(folder, "*", Everywhere)
            .Where(file => Executables.Contains(Path.GetFileName(file)) || Endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal))
        {
            using var content = new FileStream(Path.Combine(folder, file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            list.Append(Convert.ToHexStringLower(SHA256.HashData(content))).Append("  ./").Append(file).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.ToString())));
    }
}

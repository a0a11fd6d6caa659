using System.Diagnostics;

namespace Agent.Tests.Repository;

/// <summary>This repository as it lies on disk.</summary>
internal static class RepositoryTree
{
    // Compiling all of src takes seconds and every rule reads the same result.
    static readonly Lazy<CodeModel> LazySource = new(() => CodeModel.Of(Files("src", "*.cs")));

    public static string Root { get; } = FindRoot();

    public static CodeModel Source => LazySource.Value;

    public static string PathOf(params string[] segments) => Path.Combine([Root, .. segments]);

    public static IReadOnlyList<SourceFile> Files(string under, string pattern) =>
    [
        .. Directory.EnumerateFiles(PathOf(under), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(segment => segment is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(PathOf(path)))),
    ];

    /// <summary>The tracked paths; null where git or its metadata is missing, as in an unpacked source archive.</summary>
    public static IReadOnlyList<string>? TrackedPaths()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files", "-z"])
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Agent.sln")))
                return at.FullName;
        throw new InvalidOperationException($"No Agent.sln above {AppContext.BaseDirectory}");
    }
}

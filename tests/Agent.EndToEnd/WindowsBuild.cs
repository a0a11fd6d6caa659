using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>
/// The agent as it is published for Windows, under Wine with a Windows of its own. Built from a copy, because the platform would be written
/// into the lock files.
/// </summary>
internal sealed class WindowsBuild : IAsyncDisposable
{
    // Debian keeps it beside a wrapper that asks for the 32-bit half, which nothing here needs.
    static readonly string[] Loaders = ["/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/local/bin/wine64"];

    // It would fetch a .NET and a browser of its own. Only while it is set up: no assembly loads without the first of the two.
    const string NoDownloads = "mscoree,mshtml,winemenubuilder.exe=";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly string _folder;
    readonly string _wine;
    readonly Dictionary<string, string?> _environment;

    WindowsBuild(string folder, string wine)
    {
        (_folder, _wine) = (folder, wine);
        _environment = new Dictionary<string, string?>
        {
            ["WINEPREFIX"] = Path.Combine(folder, "windows"),
            ["WINEARCH"] = "win64",
            ["WINEDEBUG"] = "-all",
            // It would put entries into the menus of whoever runs the tests.
            ["WINEDLLOVERRIDES"] = "winemenubuilder.exe=",
            ["HOME"] = folder,
            ["DISPLAY"] = null,
        };
    }

    /// <summary>What Windows calls C:.</summary>
    public string Drive => Path.Combine(_folder, "windows", "drive_c");

    /// <summary>Builds it. Ignores the running tests where there is no Wine.</summary>
    public static async Task<WindowsBuild> MakeAsync()
    {
        if (Loaders.FirstOrDefault(File.Exists) is not { } wine)
            throw new IgnoreException("wine64 is needed");

        var build = new WindowsBuild(Directory.CreateTempSubdirectory("retention-windows-").FullName, wine);
        try
        {
            await build.PublishAsync();
            Succeeded(await build.WineAsync(["wineboot", "--init"], overrides: NoDownloads));
            return build;
        }
        catch
        {
            await build.DisposeAsync();
            throw;
        }
    }

    /// <summary>What Windows calls a file or folder of this machine.</summary>
    public static string PathOf(string path) => $"Z:{Path.GetFullPath(path).Replace('/', '\\')}";

    /// <summary>Runs a verb of the agent to its end.</summary>
    /// <param name="arguments">Each as the program gets it.</param>
    /// <param name="input">What it reads from standard input; nothing when null.</param>
    public Task<EndedProcess> RunAsync(IEnumerable<string> arguments, string? input = null) =>
        WineAsync([Path.Combine(_folder, "published", "retention-agent.exe"), .. arguments], input);

    /// <summary>Starts a verb of the agent, and leaves it to the caller.</summary>
    public CaptiveProcess Start(params string[] arguments) =>
        CaptiveProcess.Start(_wine, [Path.Combine(_folder, "published", "retention-agent.exe"), .. arguments], _environment, _folder);

    /// <summary>Has a command of Windows' own shell done, as by another program of the same machine.</summary>
    public Task<EndedProcess> ShellAsync(params string[] command) => WineAsync(["cmd", "/c", .. command]);

    public async ValueTask DisposeAsync()
    {
        // What Wine keeps running behind a program goes on for a while, and in its own folder only.
        await using (var server = CaptiveProcess.Start(Path.Combine(Path.GetDirectoryName(_wine)!, "wineserver"), ["--kill"], _environment))
            await server.EndAsync();
        Directory.Delete(_folder, recursive: true);
    }

    async Task PublishAsync()
    {
        var source = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src"));
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(source, file)))
        {
            if (file.Split(Path.DirectorySeparatorChar) is [_, "bin" or "obj", ..])
                continue;
            var copy = Path.Combine(_folder, "src", file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(source, file), copy);
        }

        string[] arguments =
        [
            "publish", Path.Combine(_folder, "src", "Agent"), "-c", "Release", "-r", "win-x64", "--self-contained", "-o", Path.Combine(_folder, "published"), "--nologo", "-v", "quiet",
            "-nodeReuse:false", "-p:RestoreLockedMode=false", "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false",
        ];
        await using var publish = CaptiveProcess.Start("dotnet", arguments, folder: _folder);
        Succeeded(await publish.EndAsync(Patience));
    }

    async Task<EndedProcess> WineAsync(string[] arguments, string? input = null, string? overrides = null)
    {
        var environment = overrides is null ? _environment : new Dictionary<string, string?>(_environment) { ["WINEDLLOVERRIDES"] = overrides };
        await using var process = CaptiveProcess.Start(_wine, arguments, environment, _folder, input);
        return await process.EndAsync(Patience);
    }

    static void Succeeded(EndedProcess ended) => Assert.That(ended.ExitCode, Is.Zero, ended.Output + ended.Errors);
}

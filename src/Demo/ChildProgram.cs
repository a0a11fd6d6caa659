using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Demo;

/// <summary>
/// One of our own programs as the process it is, with all it prints in a file. Whoever disposes of it can be sure that it has ended.
/// </summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    // A round or a delivery that is under way is finished first.
    static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(30);

    readonly Process _process;
    readonly StreamWriter _log;
    readonly Lock _writing = new();
    readonly TimeProvider _time;

    ChildProgram(string name, ProcessStartInfo start, string logFile, TimeProvider time)
    {
        (Name, LogFile, _time) = (name, logFile, time);
        _log = new StreamWriter(logFile) { AutoFlush = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
    }

    public string Name { get; }

    public string LogFile { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>What a person types to start the program: its path, or dotnet and its path.</summary>
    public static IReadOnlyList<string> CommandLine(string name)
    {
        var built = typeof(ChildProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;
        var library = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, built));
        var program = Path.ChangeExtension(library, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(program) ? [program] : [Path.Combine(DotnetRoot, "dotnet"), library];
    }

    /// <exception cref="DemoFailedException">It cannot be started.</exception>
    public static ChildProgram Start(string name, IEnumerable<string> arguments, SiteFolder folder, TimeProvider time)
    {
        var command = CommandLine(name);
        var start = new ProcessStartInfo(command[0], command.Skip(1).Concat(arguments))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Root,
        };
        // A runtime that was unpacked somewhere of its own runs us; it must run them too.
        start.Environment.TryAdd("DOTNET_ROOT", DotnetRoot);
        Termination.Prepare(start);
        var program = new ChildProgram(name, start, Path.Combine(folder.Logs, $"{name}.log"), time);
        program.Begin();
        return program;
    }

    /// <summary>Asks it to end and waits.</summary>
    /// <returns>Null when it ended cleanly; otherwise what it did instead.</returns>
    public async Task<string?> StopAsync()
    {
        if (!HasEnded)
            Termination.Ask(_process);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(StopsWithin, _time);
        }
        catch (TimeoutException)
        {
            return $"{Name} did not end within {StopsWithin.TotalSeconds:0} s of being asked to";
        }
        return _process.ExitCode == 0 ? null : $"{Name} ended with code {_process.ExitCode} ({LogFile})";
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasEnded)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _log.DisposeAsync();
    }

    void Begin()
    {
        try
        {
            _process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            _process.Dispose();
            _log.Dispose();
            throw new DemoFailedException($"{Name} cannot be started: {e.Message}");
        }
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_writing)
            if (line.Data is not null)
                _log.WriteLine(line.Data);
    }

    // The folder of the running runtime is ROOT/shared/Microsoft.NETCore.App/VERSION.
    static string DotnetRoot { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")));
}

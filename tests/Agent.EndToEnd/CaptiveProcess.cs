using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Agent.EndToEnd;

/// <summary>A program that a test started: what it writes is kept, every wait has a deadline, and it never outlives the test.</summary>
internal sealed class CaptiveProcess : IAsyncDisposable
{
    const int Terminate = 15, Continue = 18, Stop = 19;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly string _name;
    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly StringBuilder _errors = new();

    CaptiveProcess(ProcessStartInfo start, string? input)
    {
        _name = Path.GetFileName(start.FileName);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        if (input is not null)
            _process.StandardInput.Write(input);
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has written to stdout so far, whole lines.</summary>
    public string Output => Kept(_output);

    /// <summary>What it has written to stderr so far, whole lines.</summary>
    public string Errors => Kept(_errors);

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path, or a name to be found in PATH.</param>
    /// <param name="arguments">Each as the program gets it.</param>
    /// <param name="environment">Variables that differ from the test's own; null removes one.</param>
    /// <param name="folder">Its working directory; the test's own when null.</param>
    /// <param name="input">What it reads from standard input; nothing when null.</param>
    public static CaptiveProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null, string? input = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? "",
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new CaptiveProcess(start, input);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<EndedProcess> RunAsync(string program, IEnumerable<string> arguments)
    {
        await using var process = Start(program, arguments);
        return await process.EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <param name="patience">How long; two minutes when null.</param>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public async Task<EndedProcess> EndAsync(TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? Patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} did not end within {patience ?? Patience}. {Told}");
        }
        return new EndedProcess(_process.ExitCode, Output, Errors);
    }

    /// <summary>Asks it to stop, as a service manager does, and waits for its end.</summary>
    public Task<EndedProcess> StopAsync()
    {
        if (kill(_process.Id, Terminate) != 0 && !_process.HasExited)
            throw new InvalidOperationException($"{_name} could not be asked to stop: error {Marshal.GetLastPInvokeError()}");
        return EndAsync();
    }

    /// <summary>Asks it to stop, and insists that it ends well.</summary>
    public async Task StopCleanlyAsync()
    {
        var stopped = await StopAsync();
        if (stopped.ExitCode != 0)
            throw new InvalidOperationException($"{_name} ended with {stopped.ExitCode} when it was asked to stop. {Told}");
    }

    /// <summary>Stops it where it stands, every thread of it. Linux only.</summary>
    public void Hold()
    {
        Signal(Stop);
        SpinWait.SpinUntil(() => Directory.EnumerateDirectories($"/proc/{_process.Id}/task").All(IsStopped), Patience);
    }

    /// <summary>Lets it go on.</summary>
    public void LetGo() => Signal(Continue);

    /// <summary>What it has open, by the paths the kernel gives.</summary>
    public IReadOnlyList<string> OpenFiles() =>
        [.. new DirectoryInfo($"/proc/{_process.Id}/fd").EnumerateFiles().Select(file => file.LinkTarget).OfType<string>()];

    void Signal(int signal)
    {
        if (kill(_process.Id, signal) != 0 && !_process.HasExited)
            throw new InvalidOperationException($"{_name} got no signal: error {Marshal.GetLastPInvokeError()}");
    }

    // "123 (name of any kind) T …"
    static bool IsStopped(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "stat")) is var stat && stat[(stat.LastIndexOf(')') + 2)..].StartsWith('T');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true; // it ended
        }
    }

    /// <summary>Looks again and again until something is so.</summary>
    /// <exception cref="TimeoutException">It never was, or the process ended meanwhile.</exception>
    public async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{_name} ended with {_process.ExitCode} before {what}. {Told}");
            if (deadline.IsCancellationRequested)
                throw new TimeoutException($"{_name}: never {what} within {Patience}. {Told}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }
    }

    public Task UntilAsync(string what, Func<bool> isSo) => UntilAsync(what, () => Task.FromResult(isSo()));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    string Told => $"It wrote:\n{Output}\n{Errors}";

    static void Keep(StringBuilder kept, string? line)
    {
        if (line is null)
            return;
        lock (kept)
            kept.Append(line).Append('\n');
    }

    static string Kept(StringBuilder kept)
    {
        lock (kept)
            return kept.ToString();
    }

#pragma warning disable SYSLIB1054, CA5392 // One call without marshalling, into the C library that is always loaded.
    [DllImport("libc", SetLastError = true, EntryPoint = "kill")]
    static extern int kill(int process, int signal);
#pragma warning restore SYSLIB1054, CA5392
}

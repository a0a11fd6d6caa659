using System.Diagnostics;
using System.Text;

namespace Agent.Benchmarks;

/// <summary>Runs other programs and takes their time.</summary>
internal static class Run
{
    /// <summary>What a program wrote, and how long it took from its start to its end.</summary>
    public static (string Output, TimeSpan Took) Of(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = new StringBuilder();
        // What find writes is read and dropped, as a pipe to another program would.
        var buffer = new char[64 * 1024];
        while (process.StandardOutput.Read(buffer) is > 0 and var count)
            output.Append(buffer, 0, Math.Min(count, Math.Max(0, 64 * 1024 - output.Length)));
        process.WaitForExit();
        return process.ExitCode == 0 ? (output.ToString(), clock.Elapsed) : throw new InvalidOperationException($"{program} failed: {errors.GetAwaiter().GetResult()}");
    }

    public static bool IsThere(string program, params string[] arguments)
    {
        try
        {
            Of(program, arguments);
            return true;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }
}

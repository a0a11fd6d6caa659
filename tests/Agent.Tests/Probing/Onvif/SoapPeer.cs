using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Agent.Tests.Repository;
using NUnit.Framework;

namespace Agent.Tests.Probing.Onvif;

/// <summary>
/// A recorder that npm's "soap" makes of the official descriptions (Peers/soap-peer.cjs): neither side of the wire was written by the same
/// people. Needs node and npm, and the descriptions beside the repository; the package goes into a temporary folder.
/// </summary>
internal sealed class SoapPeer : IDisposable
{
    const string Package = "soap@1.13.0";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Loaded once for all tests of a run, and kept for the next.
    static readonly Lazy<string?> Modules = new(Install);

    readonly Process _process;

    SoapPeer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts one on the loopback.</summary>
    /// <param name="script">What the script of the peer takes.</param>
    public static async Task<SoapPeer> StartAsync(object script)
    {
        var descriptions = CapturedReplies.Descriptions();
        if (Modules.Value is not { } modules)
        {
            Assert.Ignore("node, npm and its package \"soap\" are needed");
            throw new InvalidOperationException();
        }

        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, ArgumentList = { RepositoryTree.PathOf("tests", "Agent.Tests", "Peers", "soap-peer.cjs"), descriptions } };
        start.Environment["NODE_PATH"] = modules;
        var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(script));
        await process.StandardInput.FlushAsync();
        using var patience = new CancellationTokenSource(Patience);
        var port = await process.StandardOutput.ReadLineAsync(patience.Token);
        Assert.That(port, Is.Not.Null, await ErrorsOf(process, port));
        return new SoapPeer(process, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/device")));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.Kill();
        _process.Dispose();
    }

    static async Task<string> ErrorsOf(Process process, string? port) => port is null ? await process.StandardError.ReadToEndAsync() : "";

    static string? Install()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"retention-tests-npm-{Package.Replace('@', '-')}");
        var modules = Path.Combine(folder, "node_modules");
        if (File.Exists(Path.Combine(folder, "complete")))
            return modules;
        try
        {
            Directory.CreateDirectory(folder);
            using var npm = Process.Start(new ProcessStartInfo("npm")
            {
                ArgumentList = { "install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--silent", "--prefix", folder, Package }, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            if (!npm.WaitForExit(Patience))
                npm.Kill(entireProcessTree: true);
            else if (npm.ExitCode == 0)
            {
                File.WriteAllText(Path.Combine(folder, "complete"), "");
                return modules;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no npm.
        }

        return null;
    }
}

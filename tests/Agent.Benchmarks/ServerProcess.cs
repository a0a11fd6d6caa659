using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Agent.Benchmarks;

/// <summary>The real audit server as a process of its own, on a free loopback port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    readonly Process _process;

    ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync(string data, string? postgres)
    {
        var address = FreeAddress();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "retention-audit-server"), ["--data", data, "--urls", address.ToString().TrimEnd('/')])
        {
            RedirectStandardOutput = true,
        };
        if (postgres is not null)
        {
            start.ArgumentList.Add("--database");
            start.ArgumentList.Add(postgres);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains(" ERR]", StringComparison.Ordinal) == true)
                Console.Error.WriteLine(line.Data);
        };
        process.BeginOutputReadLine();
        var server = new ServerProcess(process, address);
        using var client = new HttpClient { BaseAddress = address };
        while (true)
        {
            try
            {
                await client.GetStringAsync(new Uri("/healthz", UriKind.Relative));
                return server;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}

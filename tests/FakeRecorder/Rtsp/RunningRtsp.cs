using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FakeRecorder.Rtsp;

/// <summary>
/// The RTSP side of a recorder, on the loopback until it is disposed: <c>rtsp://127.0.0.1:PORT/replay/CAMERA</c>. It remembers what it was asked.
/// </summary>
public sealed class RunningRtsp : IAsyncDisposable
{
    readonly RtspScript _script;
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentQueue<SeenRtsp> _requests = new();
    readonly ConcurrentBag<Task> _connections = [];
    readonly Task _accepting;
    int _count;

    RunningRtsp(RtspScript script)
    {
        _script = script;
        _listener.Start(backlog: 512);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Everything that came over the wire, in the order in which it came.</summary>
    public IReadOnlyList<SeenRtsp> Requests => [.. _requests];

    /// <summary>How many connections there have been.</summary>
    public int Connections => _count;

    public Uri Replay(string camera) => new($"rtsp://127.0.0.1:{Port}/replay/{camera}");

    /// <summary>When this returns, it answers.</summary>
    public static RunningRtsp Start(RtspScript script) => new(script);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                Interlocked.Increment(ref _count);
                _connections.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is switched off.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        client.NoDelay = true;
        client.SendBufferSize = 16 * 1024;
        try
        {
            using (client)
            await using (var session = new RtspSession(_script, client.GetStream(), Port, _requests, _stopping.Token))
                await session.ServeAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Whoever asked has hung up, or it is switched off.
        }
    }
}

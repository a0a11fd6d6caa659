using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using FakeRecorder.Answers;
using FakeRecorder.Discovery;
using FakeRecorder.Http;
using FakeRecorder.Logins;
using FakeRecorder.Soap;

namespace FakeRecorder;

/// <summary>A recorder that answers on the loopback until it is disposed, and remembers everything it was asked.</summary>
public sealed class RunningRecorder : IAsyncDisposable
{
    readonly RecorderScript _script;
    readonly TcpListener _listener;
    readonly Recorder _recorder;
    readonly LoginGate _logins;
    readonly DiscoveryResponder? _discovery;
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentQueue<SeenRequest> _requests = new();
    readonly ConcurrentQueue<string> _complaints = new();
    readonly ConcurrentDictionary<int, Task> _connections = new();
    readonly Task _accepting;
    int _connectionCount;
    int _open;
    int _mostOpen;

    RunningRecorder(RecorderScript script, int port)
    {
        _script = script;
        _listener = new(IPAddress.Loopback, port);
        _listener.Start(backlog: 512);
        Address = new($"{(script.Certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/onvif/device_service");
        _recorder = new(script, Address);
        _logins = new(_recorder);
        _discovery = script.DiscoveryPort is { } udp ? new(script, Address, udp) : null;
        _accepting = AcceptAsync();
    }

    /// <summary>Of the device service.</summary>
    public Uri Address { get; }

    /// <summary>Where it can be discovered; null where it cannot.</summary>
    public IPEndPoint? Discovery => _discovery?.Endpoint;

    /// <summary>Everything that came over the wire, in the order in which it came.</summary>
    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    /// <summary>What was wrong with what it was asked: a strict recorder refuses such a request.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    /// <summary>How many connections there have been.</summary>
    public int Connections => _connectionCount;

    /// <summary>How many connections were open at the same time at most.</summary>
    public int MostConnections => _mostOpen;

    public int WrongLogins => _logins.WrongLogins;

    /// <summary>How many searches nobody has ended.</summary>
    public int OpenSearches => _recorder.Sessions.Open;

    /// <summary>Starts a recorder. When this returns, it answers.</summary>
    /// <param name="port">0: any that is free.</param>
    public static Task<RunningRecorder> StartAsync(RecorderScript script, int port = 0) => Task.FromResult(new RunningRecorder(script, port));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        if (_discovery is not null)
            await _discovery.DisposeAsync();
        _stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                var number = Interlocked.Increment(ref _connectionCount);
                _connections[number] = ServeAsync(client, number);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The recorder is switched off, or has closed its port.
        }
    }

    async Task ServeAsync(TcpClient client, int number)
    {
        await Task.Yield();
        CountOpen();
        client.NoDelay = true;
        try
        {
            using (client)
            await using (var stream = await StreamAsync(client))
                while (await HttpRequest.ReadAsync(stream, _stopping.Token) is { } request && await ReplyAsync(stream, request, number))
                    continue;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // Whoever asked has hung up, or the recorder is switched off.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            _connections.TryRemove(number, out _);
        }
    }

    void CountOpen()
    {
        var open = Interlocked.Increment(ref _open);
        for (var most = _mostOpen; open > most; most = _mostOpen)
            Interlocked.CompareExchange(ref _mostOpen, open, most);
    }

    async Task<Stream> StreamAsync(TcpClient client)
    {
        if (_script.Certificate is null)
            return client.GetStream();
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _script.Certificate }, _stopping.Token);
        return tls;
    }

    async Task<bool> ReplyAsync(Stream stream, HttpRequest request, int connection)
    {
        SoapRequest? soap = null;
        SoapFaultException? refused = null;
        try
        {
            soap = SoapRequest.Parse(request.Body);
        }
        catch (SoapFaultException e)
        {
            refused = e;
        }

        var operation = soap?.Name ?? "";
        _requests.Enqueue(new(connection, request.Method, request.Path, request.Headers, Encoding.UTF8.GetString(request.Body), operation));
        var fault = _recorder.FaultAt(operation);
        if (fault == Fault.RefusesConnections)
        {
            _listener.Stop();
            return false;
        }

        var reply = Misbehaviour.Instead(fault, soap is null ? Faulted(refused!) : Reply(request, soap), _recorder);
        return !await Misbehaviour.TakesOverAsync(fault, stream, reply, _script.Clock, _stopping.Token)
            && await ReplyWriter.WriteAsync(stream, reply, _recorder.Quirks, _stopping.Token);
    }

    HttpReply Reply(HttpRequest http, SoapRequest soap)
    {
        if (http.Method != "POST")
            return new(405, "text/plain", []);
        if (_logins.Refusal(http, soap) is { } refusal)
            return refusal;
        if (Namespaces.Paths.ContainsKey(soap.Service) && http.Path.Split('?')[0] != new Uri(_recorder.Address, _recorder.PathOf(soap.Service)).AbsolutePath)
        {
            _complaints.Enqueue($"{soap.Name} was asked at {http.Path}");
            return new(404, "text/plain", []);
        }

        try
        {
            if (RequestShapes.Complaint(soap.Operation) is { } complaint)
            {
                _complaints.Enqueue(complaint);
                throw new SoapFaultException(complaint, "InvalidArgs");
            }

            if (_recorder.FaultAt(soap.Name) == Fault.SoapFault)
                throw new SoapFaultException("The disk is full", "Action", "SystemProblem") { IsReceivers = true };
            var answer = _recorder.Answer(soap);
            if (_recorder.FaultAt(soap.Name) == Fault.HollowAnswer)
                answer.RemoveNodes();
            return HttpReply.Soap(200, _recorder.Writer.Write(answer), _recorder.Quirks);
        }
        catch (SoapFaultException e)
        {
            return Faulted(e);
        }
        catch (FormatException e)
        {
            _complaints.Enqueue($"{soap.Name}: {e.Message}");
            return Faulted(new(e.Message, "InvalidArgs"));
        }
    }

    HttpReply Faulted(SoapFaultException fault) => HttpReply.Soap(fault.IsReceivers ? 500 : 400, _recorder.Writer.Write(fault), _recorder.Quirks);
}

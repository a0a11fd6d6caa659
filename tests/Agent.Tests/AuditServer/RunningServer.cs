using System.Buffers.Text;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence;
using Agent.Tests.Evidence.Chain;
using AuditServer.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using NUnit.Framework;
using Serilog;
using Serilog.Core;

namespace Agent.Tests.AuditServer;

/// <summary>The audit server on a real loopback port with its own data folder; an unexpected error in its log fails the test.</summary>
sealed class RunningServer : IAsyncDisposable
{
    readonly TemporaryFolder _data = new();
    readonly ErrorLog _errors = new();
    readonly Logger _log;
    WebApplication? _server;

    readonly string? _postgres;
    string? _policy;
    string[] _options = [];

    RunningServer(string? postgres) => (_postgres, _log) = (postgres, new LoggerConfiguration().WriteTo.Sink(_errors).CreateLogger());

    public FakeTimeProvider Time { get; } = new(TestLedger.Start + TimeSpan.FromMinutes(1));

    public HttpClient Client { get; private set; } = new();

    public bool ErrorsExpected { get; set; }

    public string Data => _data.Path;

    public string KeyFile => Path.Combine(Data, "receipt-key.pem");

    /// <summary>What a command on the server's host needs to find its data.</summary>
    public string[] Where => ["--data", Data, .. _postgres is null ? Array.Empty<string>() : ["--database", _postgres]];

    /// <summary>Starts with the test agent's key pinned for HZ-0001-a.</summary>
    public static async Task<RunningServer> Start(TestDatabase database, bool pinned = true, string? policy = null)
    {
        var server = new RunningServer(TestDatabases.Create(database));
        if (pinned)
            server.Pin();
        if (policy is not null)
            server._policy = server._data.Write("policy.json", policy);

        await server.Begin();
        return server;
    }

    /// <summary>A second server on the same PostgreSQL database, with the same receipt key and the same pin.</summary>
    public async Task<RunningServer> StartTwin()
    {
        var twin = new RunningServer(_postgres);
        twin.Pin();
        File.Copy(KeyFile, twin.KeyFile);
        await twin.Begin();
        return twin;
    }

    public void Pin(string agent = "HZ-0001-a", string site = "HZ-0001", bool revoked = false, string name = "one", ECDsa? key = null)
    {
        using var usual = TestKeys.Agent();
        Directory.CreateDirectory(Path.Combine(Data, "agents"));
        _data.Write(Path.Combine("agents", $"{name}.jwk.json"),
            $$"""{"site":"{{site}}","agent":"{{agent}}","key":{{Jwk.FromKey(key ?? usual).ToJson()}}{{(revoked ? ",\"revoked\":true" : "")}}}""");
    }

    public void WriteAgentFile(string name, string content) => _data.Write(Path.Combine("agents", name), content);

    public void RemoveAgentFile(string name) => File.Delete(Path.Combine(Data, "agents", name));

    public async Task Restart(params string[] options)
    {
        await End();
        _options = options;
        await Begin();
    }

    public Task<Answer> Post(HeartbeatRequest request) => Post(request.Encode());

    public async Task<Answer> Post(byte[] body, string contentType = "application/json", bool chunked = false, string path = "/v1/heartbeats")
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path);
        message.Content = chunked ? new StreamContent(new MemoryStream(body)) : new ByteArrayContent(body);
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        message.Headers.TransferEncodingChunked = chunked;
        using var response = await Client.SendAsync(message);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return new Answer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            json.RootElement.TryGetProperty("receipt", out var receipt) ? receipt.GetString() : null,
            json.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null,
            json.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() : null);
    }

    /// <summary>Posts a heartbeat that must be accepted, and gives back its checked receipt.</summary>
    public async Task<Receipt> Receipted(TestLedger ledger, HeartbeatRequest request)
    {
        var answer = await Post(request);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Detail);
        var keys = JwkSet.Parse(await Client.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative)));
        var check = StatementVerifier.VerifyReceipt(answer.Receipt!, keys.Find, Base64Url.DecodeFromChars(request.Jws.Split('.')[1]));
        Assert.That(check.Fault, Is.Null);
        Assert.That(check.Receipt!.Epoch, Is.EqualTo(ledger.Epoch));
        return check.Receipt!;
    }

    public async Task<JsonElement> Json(string path)
    {
        using var document = JsonDocument.Parse(await Client.GetStringAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.Clone();
    }

    public T Service<T>()
        where T : notnull => _server!.Services.GetRequiredService<T>();

    public T Query<T>(string sql) => (T)Run(sql)!;

    [SuppressMessage("Security", "CA2100", Justification = "Tests write their own SQL.")]
    public object? Run(string sql)
    {
        using DbConnection connection = _postgres is null
            ? new SqliteConnection($"Data Source={Path.Combine(Data, "evidence.db")};Pooling=False")
            : new NpgsqlConnection($"{_postgres};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Lets the database refuse rows of a table as it would with a full disk.</summary>
    public void FailInserts(string table) => Run(_postgres is null
        ? $"CREATE TRIGGER failing BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        : $"""
          CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
          CREATE TRIGGER failing BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fail();
          """);

    public void HealInserts(string table) => Run(_postgres is null ? "DROP TRIGGER failing" : $"DROP TRIGGER failing ON {table}");

    public async ValueTask DisposeAsync()
    {
        await End();
        await _log.DisposeAsync();
        _data.Dispose();
        if (!ErrorsExpected)
            Assert.That(_errors.Errors, Is.Empty);
    }

    async Task Begin()
    {
        _server = AuditServerHost.Build(ServerOptions.Parse(
            ["--data", Data, "--urls", "http://127.0.0.1:0", "--name", "audit.test", .. _postgres is null ? Array.Empty<string>() : ["--database", _postgres],
             .. _policy is null ? Array.Empty<string>() : ["--policy", _policy], .. _options]), Time, _log);
        await _server.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_server.Urls.Single()) };
    }

    async Task End()
    {
        Client.Dispose();
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }
    }

    internal sealed record Answer(int Status, string? ContentType, string? Receipt, string? Code, string? Detail);
}

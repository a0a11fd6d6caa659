using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Agent.Tests.AuditServer;

namespace Agent.Benchmarks;

/// <summary>
/// What the audit server's process spends on one accepted, durable statement, as a multiple of one P-256 verification and one
/// signature on the same machine in the same run.
/// </summary>
internal sealed class IntakeBenchmark(IntakeOptions options)
{
    const double Target = 5;

    // Until the just-in-time compiler is done with the hot path, a statement costs half as much again: after 4,000 it was not.
    const int WarmUp = 30_000;

    public async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("intake-");
        using var postgres = options.Postgres ? PrivatePostgres.Start(PrivatePostgres.Binaries ?? throw new FormatException("PostgreSQL is not installed.")) : null;
        try
        {
            var agents = Enumerable.Range(1, options.Agents).Select(number => new MadeUpAgent(number, options.Cameras, TimeProvider.System.GetUtcNow())).ToList();
            var pins = Directory.CreateDirectory(Path.Combine(folder.FullName, "agents"));
            foreach (var (agent, i) in agents.Select((agent, i) => (agent, i)))
                await File.WriteAllTextAsync(Path.Combine(pins.FullName, $"{i}.jwk.json"), agent.Pin);

            await using var server = await ServerProcess.StartAsync(folder.FullName, postgres?.CreateDatabase());
            await PostAsync(server, Signed(agents, WarmUp));
            var signed = Signed(agents, options.Statements);
            var unit = await OpenSslSpeed.SignAndVerifyAsync();
            var (cpu, databaseCpu, clock) = (server.Cpu, CpuOf(postgres), Stopwatch.StartNew());
            await PostAsync(server, signed);
            var count = signed.Sum(own => own.Count);
            Report(count, clock.Elapsed, (server.Cpu - cpu) / count, (CpuOf(postgres) - databaseCpu) / count, unit);
            agents.ForEach(agent => agent.Dispose());
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    void Report(int count, TimeSpan elapsed, TimeSpan cpu, TimeSpan databaseCpu, TimeSpan unit)
    {
        Say($"{count} {options.Kind} statements of {options.Agents} agents, {options.Cameras} camera(s) each, into {(options.Postgres ? "PostgreSQL" : "SQLite")}: {count / elapsed.TotalSeconds:F0} a second");
        Say($"server CPU a statement   {cpu.TotalMicroseconds:F0} us");
        if (options.Postgres)
            Say($"database CPU a statement {databaseCpu.TotalMicroseconds:F0} us (its own processes, not counted below)");
        Say($"one verify and one sign  {unit.TotalMicroseconds:F0} us by openssl speed");
        Say($"ratio                    {cpu / unit:F2} (target: at most {Target})");
    }

    static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    // Each agent's own, in order: it posts the next when it has the receipt for the one before.
    List<List<byte[]>> Signed(List<MadeUpAgent> agents, int count) =>
        [.. agents.AsParallel().AsOrdered().Select(agent => Enumerable.Range(0, Math.Max(1, count / agents.Count))
            .Select(i => agent.Statement(tick: options.Kind == "tick" || (options.Kind == "mix" && i % 12 != 0)))
            .ToList())];

    static async Task PostAsync(ServerProcess server, List<List<byte[]>> statements)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = statements.Count };
        using var client = new HttpClient(handler) { BaseAddress = server.Address };
        await Task.WhenAll(statements.Select(async own =>
        {
            foreach (var body in own)
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var response = await client.PostAsync(new Uri("/v1/heartbeats", UriKind.Relative), content);
                if (!response.IsSuccessStatusCode)
                    throw new InvalidOperationException($"A statement was refused: {await response.Content.ReadAsStringAsync()}");
            }
        }));
    }

    static TimeSpan CpuOf(PrivatePostgres? postgres) => postgres is null ? TimeSpan.Zero : Process.GetProcesses()
        .Aggregate(TimeSpan.Zero, (sum, process) => sum + CpuOf(process, postgres.ProcessId));

    static TimeSpan CpuOf(Process process, int cluster)
    {
        using (process)
        {
            try
            {
                // The fourth field is the parent; the name in brackets before it may hold spaces.
                var status = File.ReadAllText($"/proc/{process.Id}/stat");
                return status[(status.LastIndexOf(')') + 2)..].Split(' ')[1] == cluster.ToString(CultureInfo.InvariantCulture) ? process.TotalProcessorTime : TimeSpan.Zero;
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                return TimeSpan.Zero;
            }
        }
    }
}

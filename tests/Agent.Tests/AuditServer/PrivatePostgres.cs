using System.ComponentModel;
using System.Diagnostics;
using Npgsql;

namespace Agent.Tests.AuditServer;

/// <summary>
/// A PostgreSQL cluster of our own in a temporary folder, reached by a socket in it and by nothing else, written through as in
/// production. PostgreSQL refuses to run as root, so root starts it as an account without rights.
/// </summary>
sealed class PrivatePostgres : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pg-");
    readonly Process _server;
    int _databases;

    PrivatePostgres(string binaries)
    {
        if (Environment.IsPrivilegedProcess)
            Run("chown", Account, _folder.FullName);
        var data = Path.Combine(_folder.FullName, "data");
        Run(AsAccount([Path.Combine(binaries, "initdb"), "-D", data, "-U", "audit", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]));
        _server = Start(AsAccount(
            [Path.Combine(binaries, "postgres"), "-D", data, "-k", _folder.FullName, "-c", "listen_addresses=", "-c", "fsync=on", "-c", "max_connections=300", "-c", "shared_buffers=64MB"]));
        Await();
    }

    static string Account => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    /// <summary>The folder of the newest PostgreSQL on this machine; null when there is none.</summary>
    public static string? Binaries => !Directory.Exists("/usr/lib/postgresql") ? null : Directory.GetDirectories("/usr/lib/postgresql")
        .Select(version => Path.Combine(version, "bin"))
        .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
        .OrderByDescending(bin => bin, StringComparer.Ordinal)
        .FirstOrDefault();

    public int ProcessId => _server.Id;

    public static PrivatePostgres Start(string binaries) => new(binaries);

    /// <summary>The connection string of a new, empty database.</summary>
    public string CreateDatabase()
    {
        var name = $"audit{Interlocked.Increment(ref _databases)}";
        using var source = NpgsqlDataSource.Create(ConnectionTo("postgres") + ";Pooling=false");
        using var command = source.CreateCommand($"CREATE DATABASE {name} STRATEGY file_copy");
        command.ExecuteNonQuery();
        return ConnectionTo(name);
    }

    public void Dispose()
    {
        if (!_server.HasExited)
            Run("kill", "-INT", $"{_server.Id}");
        if (!_server.WaitForExit(Patience))
            _server.Kill();
        _server.Dispose();
        _folder.Delete(recursive: true);
    }

    string ConnectionTo(string database) => $"Host={_folder.FullName};Username=audit;Database={database}";

    static string[] AsAccount(string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", Account, "--regid", "nogroup", "--clear-groups", .. command] : command;

    static void Run(params string[] command)
    {
        using var process = Start(command);
        if (!process.WaitForExit(Patience) || process.ExitCode != 0)
            throw new InvalidOperationException($"{command[0]} failed with code {(process.HasExited ? process.ExitCode : null)}");
    }

    static Process Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new Win32Exception($"{command[0]} cannot be started");
        // Nobody reads what it says, and a full pipe would stop it.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    void Await()
    {
        using var source = NpgsqlDataSource.Create(ConnectionTo("postgres") + ";Pooling=false");
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                source.OpenConnection().Dispose();
                return;
            }
            catch (NpgsqlException) when (!_server.HasExited && since.Elapsed < Patience)
            {
                Task.Delay(50).Wait();
            }
        }
    }
}

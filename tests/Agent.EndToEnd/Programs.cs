using System.Net;
using System.Net.Sockets;
using System.Reflection;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>The shipped executables as they were built, and the programs of others that tests need.</summary>
internal static class Programs
{
    public static string Agent { get; } = PathOf("retention-agent");

    public static string AuditServer { get; } = PathOf("retention-audit-server");

    /// <summary>Writes and looks at ledgers with the agent's own code, under strace.</summary>
    public static string LedgerDriver { get; } = PathOf("LedgerDriver");

    /// <summary>Runs a verb of the agent to its end.</summary>
    public static Task<EndedProcess> RunAgentAsync(params string[] arguments) => CaptiveProcess.RunAsync(Agent, arguments);

    /// <summary>Ignores the running test where a program is not installed.</summary>
    public static void Require(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin");
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
            Assert.Ignore($"{program} is needed");
    }

    /// <summary>A port of this machine that nobody listens on just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The build wrote down where it put them, relative to the tests.
    static string PathOf(string name)
    {
        var assembly = typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(m => m.Key == name).Value!.Replace('\\', Path.DirectorySeparatorChar);
        return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? "exe" : null)));
    }
}

using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.Versioning;

namespace Agent.Tests.Repository;

/// <summary>
/// A temporary machine for install.ps1: every system tool is a shell script that writes down how it was called, and the published
/// agent is another. Changes the process's PATH and standard error while it lives, so its tests run alone.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class InstallSandbox : IDisposable
{
    const string Recorder = """
        #!/bin/sh
        printf '%s' "${0##*/}" >>"@root/calls"
        for argument in "$@"; do printf ' [%s]' "$argument" >>"@root/calls"; done
        echo >>"@root/calls"

        """;

    static readonly TextWriter StandardError = Console.Error;

    readonly string? _path = Environment.GetEnvironmentVariable("PATH");
    readonly StringWriter _error = new();

    public InstallSandbox()
    {
        Root = Directory.CreateTempSubdirectory("install").FullName;
        Tool("systemctl");
        Tool("chown");
        Tool("icacls.exe");
        Tool("useradd", "touch \"@root/user\"");
        Tool("id", """
            if [ "$#" -eq 2 ]; then [ -e "@root/user" ]; else cat "@root/uid"; fi
            """);
        Tool("sc.exe", """
            case $1 in
                create | stop) echo 1 >"@root/state" ;;
                start) echo 4 >"@root/state" ;;
                delete) rm "@root/state" ;;
                query) [ -e "@root/state" ] || exit 36; echo "        STATE              : $(cat "@root/state")  WORD" ;;
            esac
            """);
        File.WriteAllText(In("uid"), "0\n");
        Publish("retention-agent");
        WriteConfiguration(In("given.json"), In("data"));
        Environment.SetEnvironmentVariable("PATH", $"{In("bin")}:{_path}");
        Console.SetError(_error);
    }

    public string Root { get; }

    public string Error => _error.ToString();

    public string[] Calls => File.Exists(In("calls")) ? File.ReadAllLines(In("calls")) : [];

    public string In(params string[] segments) => Path.Combine([Root, .. segments]);

    /// <summary>Puts a published agent in place; it accepts a configuration unless a file named "refuse" exists.</summary>
    public void Publish(string programName, string extraFile = "library.dll")
    {
        if (Directory.Exists(In("published")))
            Directory.Delete(In("published"), recursive: true);
        Directory.CreateDirectory(In("published", "runtimes", "any"));
        File.WriteAllText(In("published", extraFile), "library");
        File.WriteAllText(In("published", "runtimes", "any", "native.so"), "native");
        Executable(In("published", programName), """
            if [ -e "@root/refuse" ]; then echo 'policy.requiredDays must be at least 1' >&2; exit 1; fi
            """);
    }

    public static void WriteConfiguration(string file, string dataDirectory) =>
        File.WriteAllText(file, $$"""{ "site": { "id": "HZ-0001" }, "dataDirectory": "{{dataDirectory}}" }""");

    /// <summary>Runs the script into this sandbox and returns its exit code.</summary>
    public int Run(params (string Name, object Value)[] parameters)
    {
        // The engine alone: the script may use nothing that a module would have to bring.
        using var shell = PowerShell.Create(InitialSessionState.CreateDefault2());
        shell.AddCommand(RepositoryTree.PathOf("install.ps1"))
            .AddParameter("Source", In("published"))
            .AddParameter("InstallDirectory", In("program"))
            .AddParameter("ConfigurationDirectory", In("settings"))
            .AddParameter("UnitDirectory", In("units"));
        foreach (var (name, value) in parameters)
            shell.AddParameter(name, value);
        shell.Invoke();
        return (int)shell.Runspace.SessionStateProxy.GetVariable("LASTEXITCODE");
    }

    public void Dispose()
    {
        Console.SetError(StandardError);
        Environment.SetEnvironmentVariable("PATH", _path);
        Directory.Delete(Root, recursive: true);
        _error.Dispose();
    }

    void Tool(string name, string body = "")
    {
        Directory.CreateDirectory(In("bin"));
        Executable(In("bin", name), body);
    }

    void Executable(string file, string body)
    {
        File.WriteAllText(file, (Recorder + body + "\n").Replace("@root", Root, StringComparison.Ordinal));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

using System.Runtime.Versioning;
using NUnit.Framework;

namespace Agent.Tests.Repository;

[NonParallelizable]
[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "the stand-ins for system tools are shell scripts")]
internal sealed class InstallScriptTests : IDisposable
{
    readonly InstallSandbox _machine = new();

    (string, object) Given => ("Configuration", _machine.In("given.json"));

    public void Dispose() => _machine.Dispose();

    [Test]
    public void Installs_program_configuration_and_unit_and_starts_the_service()
    {
        Assert.That(_machine.Run(Given), Is.Zero, _machine.Error);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllText(_machine.In("program", "runtimes", "any", "native.so")), Is.EqualTo("native"));
            Assert.That(File.GetUnixFileMode(_machine.In("program", "retention-agent")).HasFlag(UnixFileMode.UserExecute), Is.True);
            Assert.That(File.GetUnixFileMode(_machine.In("settings", "agent.json")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead));
            Assert.That(File.GetUnixFileMode(_machine.In("data")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
            Assert.That(_machine.Calls, Is.EqualTo(
            [
                "id [-u]",
                $"retention-agent [config] [validate] [--config] [{_machine.In("given.json")}]",
                "id [-u] [retention-agent]",
                $"useradd [--system] [--user-group] [--no-create-home] [--home-dir] [{_machine.In("data")}] [--shell] [/usr/sbin/nologin] [retention-agent]",
                $"chown [retention-agent:retention-agent] [{_machine.In("data")}]",
                $"chown [root:retention-agent] [{_machine.In("settings", "agent.json")}]",
                "systemctl [daemon-reload]",
                "systemctl [enable] [retention-agent]",
                "systemctl [restart] [retention-agent]",
                "systemctl [is-active] [--quiet] [retention-agent]",
            ]));
        }
    }

    [Test]
    public void The_unit_names_the_directories_that_were_chosen()
    {
        _machine.Run(Given);

        var unit = File.ReadAllLines(_machine.In("units", "retention-agent.service"));
        Assert.That(unit, Has.One.EqualTo($"ExecStart={_machine.In("program", "retention-agent")} run --config {_machine.In("settings", "agent.json")}"));
        Assert.That(unit, Has.One.EqualTo($"ReadWritePaths={_machine.In("data")}"));
        Assert.That(unit, Has.None.Contains("/var/lib").Or.Contains("/opt"));
    }

    [Test]
    public void A_second_run_upgrades_the_program_and_leaves_configuration_and_data()
    {
        _machine.Run(Given);
        InstallSandbox.WriteConfiguration(_machine.In("settings", "agent.json"), _machine.In("data") + "/");
        var edited = File.ReadAllText(_machine.In("settings", "agent.json"));
        File.WriteAllText(_machine.In("data", "ledger.db"), "evidence");
        _machine.Publish("retention-agent", extraFile: "newer.dll");
        File.Delete(_machine.In("calls"));

        Assert.That(_machine.Run(Given), Is.Zero, _machine.Error);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.Exists(_machine.In("program", "newer.dll")), Is.True);
            Assert.That(File.Exists(_machine.In("program", "library.dll")), Is.False);
            Assert.That(File.ReadAllText(_machine.In("settings", "agent.json")), Is.EqualTo(edited));
            Assert.That(File.ReadAllText(_machine.In("data", "ledger.db")), Is.EqualTo("evidence"));
            Assert.That(_machine.Calls[1], Does.EndWith($"[--config] [{_machine.In("settings", "agent.json")}]"));
            Assert.That(_machine.Calls, Has.Some.EqualTo("systemctl [stop] [retention-agent]"));
            Assert.That(_machine.Calls, Has.None.StartsWith("useradd"));
        }
    }

    [Test]
    public void A_refused_configuration_stops_everything()
    {
        File.WriteAllText(_machine.In("refuse"), "");

        Assert.That(_machine.Run(Given), Is.EqualTo(2));

        Assert.That(_machine.Error, Does.Contain("policy.requiredDays must be at least 1"));
        AssertUntouched();
    }

    [Test]
    public void A_refused_upgrade_leaves_the_running_program()
    {
        _machine.Run(Given);
        File.Delete(_machine.In("calls"));
        File.WriteAllText(_machine.In("refuse"), "");
        _machine.Publish("retention-agent", extraFile: "newer.dll");

        Assert.That(_machine.Run(), Is.EqualTo(2));

        Assert.That(File.Exists(_machine.In("program", "library.dll")), Is.True);
        Assert.That(_machine.Calls, Has.None.StartsWith("systemctl"));
    }

    [Test]
    public void Without_any_configuration_it_says_what_to_give()
    {
        Assert.That(_machine.Run(), Is.EqualTo(2));

        Assert.That(_machine.Error, Does.Contain("-Configuration"));
        AssertUntouched();
    }

    [Test]
    public void A_data_directory_other_than_the_configured_one_is_refused()
    {
        Assert.That(_machine.Run(Given, ("DataDirectory", _machine.In("elsewhere"))), Is.EqualTo(2));

        AssertUntouched();
    }

    [Test]
    public void What_if_changes_nothing()
    {
        Assert.That(_machine.Run(Given, ("WhatIf", true)), Is.Zero);
        Assert.That(_machine.Run(("Uninstall", true), ("RemoveData", true), ("WhatIf", true)), Is.Zero);

        Assert.That(_machine.Calls, Is.Empty);
        AssertUntouched();
    }

    [Test]
    public void Without_administrator_rights_it_stops()
    {
        File.WriteAllText(_machine.In("uid"), "1000\n");

        Assert.That(_machine.Run(Given), Is.EqualTo(3));

        AssertUntouched();
    }

    [Test]
    public void No_start_installs_without_starting()
    {
        Assert.That(_machine.Run(Given, ("NoStart", true)), Is.Zero, _machine.Error);

        Assert.That(_machine.Calls, Has.Some.EqualTo("systemctl [enable] [retention-agent]"));
        Assert.That(_machine.Calls, Has.None.Contains("[restart]"));
    }

    [Test]
    public void Other_peoples_files_are_never_replaced_or_deleted()
    {
        Directory.CreateDirectory(_machine.In("program"));
        File.WriteAllText(_machine.In("program", "thesis.txt"), "the only copy");

        Assert.That(_machine.Run(Given), Is.EqualTo(1));
        Assert.That(_machine.Run(("Uninstall", true)), Is.EqualTo(1));

        Assert.That(File.ReadAllText(_machine.In("program", "thesis.txt")), Is.EqualTo("the only copy"));
    }

    [Test]
    public void Uninstalling_keeps_configuration_and_data_and_may_be_repeated()
    {
        _machine.Run(Given);
        File.WriteAllText(_machine.In("data", "ledger.db"), "evidence");

        Assert.That(_machine.Run(("Uninstall", true)), Is.Zero, _machine.Error);
        Assert.That(_machine.Run(("Uninstall", true)), Is.Zero, _machine.Error);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Directory.Exists(_machine.In("program")), Is.False);
            Assert.That(File.Exists(_machine.In("units", "retention-agent.service")), Is.False);
            Assert.That(_machine.Calls, Has.One.EqualTo("systemctl [disable] [--now] [retention-agent]"));
            Assert.That(File.ReadAllText(_machine.In("data", "ledger.db")), Is.EqualTo("evidence"));
            Assert.That(File.Exists(_machine.In("settings", "agent.json")), Is.True);
        }
    }

    [Test]
    public void Removing_the_data_takes_saying_so()
    {
        _machine.Run(Given);
        File.WriteAllText(_machine.In("data", "ledger.db"), "evidence");

        Assert.That(_machine.Run(("Uninstall", true), ("RemoveData", true)), Is.Zero, _machine.Error);

        Assert.That(Directory.Exists(_machine.In("data")), Is.False);
        Assert.That(File.Exists(_machine.In("settings", "agent.json")), Is.False);
    }

    [Test]
    public void A_data_directory_without_a_ledger_is_not_removed()
    {
        _machine.Run(Given);
        File.WriteAllText(_machine.In("data", "thesis.txt"), "the only copy");

        Assert.That(_machine.Run(("Uninstall", true), ("RemoveData", true)), Is.EqualTo(1));

        Assert.That(File.Exists(_machine.In("data", "thesis.txt")), Is.True);
    }

    [Test]
    public void On_windows_it_creates_a_service_with_an_account_of_its_own()
    {
        _machine.Publish("retention-agent.exe");

        Assert.That(_machine.Run(Given, ("ServiceManager", "Windows")), Is.Zero, _machine.Error);

        var program = _machine.In("program", "retention-agent.exe");
        var settings = _machine.In("settings", "agent.json");
        Assert.That(_machine.Calls.Where(call => !call.Contains("[query]", StringComparison.Ordinal)).Skip(2), Is.EqualTo(
        [
            $"sc.exe [create] [RetentionAgent] [binPath=] [\"{program}\" run --config \"{settings}\"] [start=] [delayed-auto] [obj=] [NT SERVICE\\RetentionAgent] [DisplayName=] [NVR Retention Agent]",
            "sc.exe [description] [RetentionAgent] [Measures how far back CCTV footage runs without a break. Reads footage, never writes it.]",
            "sc.exe [failure] [RetentionAgent] [reset=] [86400] [actions=] [restart/10000/restart/60000/restart/300000]",
            "sc.exe [failureflag] [RetentionAgent] [1]",
            "sc.exe [sidtype] [RetentionAgent] [unrestricted]",
            "sc.exe [privs] [RetentionAgent] [SeChangeNotifyPrivilege]",
            $"icacls.exe [{_machine.In("data")}] [/inheritance:r] [/grant:r] [NT SERVICE\\RetentionAgent:(OI)(CI)M] [*S-1-5-18:(OI)(CI)F] [*S-1-5-32-544:(OI)(CI)F]",
            $"icacls.exe [{settings}] [/inheritance:r] [/grant:r] [NT SERVICE\\RetentionAgent:R] [*S-1-5-18:F] [*S-1-5-32-544:F]",
            "sc.exe [start] [RetentionAgent]",
        ]));
    }

    [Test]
    public void On_windows_a_second_run_reconfigures_and_uninstalling_deletes_the_service()
    {
        _machine.Publish("retention-agent.exe");
        _machine.Run(Given, ("ServiceManager", "Windows"));
        File.Delete(_machine.In("calls"));

        Assert.That(_machine.Run(("ServiceManager", "Windows")), Is.Zero, _machine.Error);
        Assert.That(_machine.Calls, Has.None.StartsWith("sc.exe [create]"));
        Assert.That(_machine.Calls, Has.One.StartsWith("sc.exe [config] [RetentionAgent]"));

        Assert.That(_machine.Run(("ServiceManager", "Windows"), ("Uninstall", true)), Is.Zero, _machine.Error);
        Assert.That(_machine.Calls[^1], Is.EqualTo("sc.exe [delete] [RetentionAgent]"));
        Assert.That(Directory.Exists(_machine.In("program")), Is.False);
    }

    void AssertUntouched()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Directory.Exists(_machine.In("program")), Is.False);
            Assert.That(Directory.Exists(_machine.In("settings")), Is.False);
            Assert.That(Directory.Exists(_machine.In("units")), Is.False);
            Assert.That(_machine.Calls, Has.None.StartsWith("systemctl"));
        }
    }
}

<#
.SYNOPSIS
Installs, upgrades or removes the NVR Retention Agent as a service of Windows or systemd.

.DESCRIPTION
Run it again to upgrade. An existing configuration and existing data are never overwritten. The configuration is
validated by the new program before anything that is installed is touched. Runs on Windows PowerShell 5.1 and on
PowerShell 7; it needs no module, only the language and .NET.

Exit codes: 0 done, 1 failed, 2 the configuration is missing or was refused, 3 administrator rights are needed.

.PARAMETER Source
A published folder. Without it the program is built from the source tree this script lies in.
.PARAMETER InstallDirectory
Where the program goes.
.PARAMETER DataDirectory
Where ledger, keys and logs are kept. It must be the dataDirectory of the configuration, which is also its default.
.PARAMETER Configuration
The configuration to place, when none is in place yet.
.PARAMETER ConfigurationDirectory
Where the configuration lives as agent.json.
.PARAMETER UnitDirectory
Where systemd finds the unit.
.PARAMETER ServiceManager
Systemd or Windows; normally told by the machine.
.PARAMETER NoStart
Install without starting the service.
.PARAMETER Uninstall
Remove service and program. Configuration and data stay.
.PARAMETER RemoveData
With -Uninstall: remove configuration and data too, and with them this site's part of the proof.

.EXAMPLE
./install.ps1 -Source ./publish -Configuration ./agent.json
#>
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium')]
param(
    [string] $Source,
    [string] $InstallDirectory,
    [string] $DataDirectory,
    [string] $Configuration,
    [string] $ConfigurationDirectory,
    [string] $UnitDirectory = '/etc/systemd/system',
    [ValidateSet('', 'Systemd', 'Windows')]
    [string] $ServiceManager,
    [switch] $NoStart,
    [switch] $Uninstall,
    [switch] $RemoveData
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$script:exitCode = 1
$onWindows = [IO.Path]::DirectorySeparatorChar -eq '\'
if (-not $ServiceManager) { if ($onWindows) { $ServiceManager = 'Windows' } else { $ServiceManager = 'Systemd' } }

if ($ServiceManager -eq 'Windows') {
    $service = 'RetentionAgent'
    $account = 'NT SERVICE\RetentionAgent'
    $programName = 'retention-agent.exe'
    $programs = [Environment]::GetFolderPath('ProgramFiles')
    $settings = [Environment]::GetFolderPath('CommonApplicationData')
    if (-not $InstallDirectory) { $InstallDirectory = [IO.Path]::Combine($programs, 'RetentionAgent') }
    if (-not $ConfigurationDirectory) { $ConfigurationDirectory = [IO.Path]::Combine($settings, 'RetentionAgent') }
}
else {
    $service = 'retention-agent'
    $account = 'retention-agent'
    $programName = 'retention-agent'
    if (-not $InstallDirectory) { $InstallDirectory = '/opt/retention-agent' }
    if (-not $ConfigurationDirectory) { $ConfigurationDirectory = '/etc/retention-agent' }
}

# --- small tools -------------------------------------------------------------------------------------------------

function Stop-Installation([int] $code, [string] $message) {
    $script:exitCode = $code
    throw $message
}

# .NET has a working directory of its own, so relative paths are made whole with the shell's.
function Get-FullPath([string] $path) {
    $full = $PSCmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path)
    if ($full -eq [IO.Path]::GetPathRoot($full)) { Stop-Installation 1 "$full is a whole disk, not a directory for the agent" }
    return $full.TrimEnd('/', '\')
}

# The two PowerShells quote arguments of native programs differently, so quoting is done here, once.
function Format-Argument([string] $text) {
    if ($text -ne '' -and $text -notmatch '[\s"]') { return $text }
    return '"' + (($text -replace '(\\*)"', '$1$1\"') -replace '(\\+)$', '$1$1') + '"'
}

function Invoke-Program([string] $file, [string[]] $arguments) {
    $start = New-ProcessStart $file $arguments
    $process = [Diagnostics.Process]::Start($start)
    $errors = $process.StandardError.ReadToEndAsync()
    $text = $process.StandardOutput.ReadToEnd() + $errors.Result
    $process.WaitForExit()
    $result = @{ Code = $process.ExitCode; Text = $text.Trim() }
    $process.Dispose()
    return $result
}

function New-ProcessStart([string] $file, [string[]] $arguments) {
    $quoted = @($arguments | ForEach-Object { Format-Argument $_ })
    $start = [Diagnostics.ProcessStartInfo]::new($file, [string]::Join(' ', $quoted))
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    return $start
}

function Invoke-Required([string] $file, [string[]] $arguments) {
    $result = Invoke-Program $file $arguments
    if ($result.Code -ne 0) {
        Stop-Installation 1 ('{0} {1} ended with {2}: {3}' -f $file, [string]::Join(' ', $arguments), $result.Code, $result.Text)
    }
}

function Copy-Tree([string] $from, [string] $to) {
    [void] [IO.Directory]::CreateDirectory($to)
    foreach ($file in [IO.Directory]::GetFiles($from)) {
        [IO.File]::Copy($file, [IO.Path]::Combine($to, [IO.Path]::GetFileName($file)), $true)
    }
    foreach ($folder in [IO.Directory]::GetDirectories($from)) {
        Copy-Tree $folder ([IO.Path]::Combine($to, [IO.Path]::GetFileName($folder)))
    }
}

# A mistyped directory must not cost anyone their files: only what is recognisably ours is ever deleted.
function Assert-Ours([string] $directory, [string[]] $marks) {
    if (-not [IO.Directory]::Exists($directory)) { return }
    if ([IO.Directory]::GetFileSystemEntries($directory).Length -eq 0) { return }
    foreach ($mark in $marks) {
        if ([IO.File]::Exists([IO.Path]::Combine($directory, $mark))) { return }
    }
    Stop-Installation 1 "$directory is not empty and does not hold the agent; it is left as it is"
}

function Assert-Administrator {
    if ($onWindows) {
        $principal = [Security.Principal.WindowsPrincipal]::new([Security.Principal.WindowsIdentity]::GetCurrent())
        $permitted = $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
    }
    else { $permitted = (Invoke-Program 'id' @('-u')).Text -eq '0' }
    if (-not $permitted) { Stop-Installation 3 'Installing a service needs administrator rights' }
}

# --- what every installation does --------------------------------------------------------------------------------

function Get-Build {
    if ($Source) { return Get-FullPath $Source }
    $target = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'retention-agent-' + [Guid]::NewGuid().ToString('N'))
    $project = [IO.Path]::Combine($PSScriptRoot, 'src', 'Agent')
    Invoke-Required 'dotnet' @('publish', $project, '-c', 'Release', '-o', $target)
    return $target
}

function Get-ConfigurationToUse {
    if ([IO.File]::Exists($configurationFile)) { return $configurationFile }
    if (-not $Configuration) {
        Stop-Installation 2 "There is no $configurationFile yet: give one with -Configuration (deploy/agent.example.json is an example)"
    }
    $given = Get-FullPath $Configuration
    if (-not [IO.File]::Exists($given)) { Stop-Installation 2 "$given does not exist" }
    return $given
}

function Assert-Valid([string] $program, [string] $file) {
    $result = Invoke-Program $program @('config', 'validate', '--config', $file)
    if ($result.Code -ne 0) { Stop-Installation 2 ("The configuration was refused, and nothing was changed:`n" + $result.Text) }
}

function Get-DataDirectory([string] $file) {
    $found = [regex]::Match([IO.File]::ReadAllText($file), '"dataDirectory"\s*:\s*"((?:[^"\\]|\\.)*)"', 'IgnoreCase')
    if (-not $found.Success) { return '' }
    return [regex]::Unescape($found.Groups[1].Value).TrimEnd('/', '\')
}

function Install-Program([string] $build) {
    $fresh = $InstallDirectory + '.new'
    if ([IO.Directory]::Exists($fresh)) { [IO.Directory]::Delete($fresh, $true) }
    Copy-Tree $build $fresh
    if ([IO.Directory]::Exists($InstallDirectory)) { [IO.Directory]::Delete($InstallDirectory, $true) }
    [IO.Directory]::Move($fresh, $InstallDirectory)
}

function Install-Configuration([string] $file) {
    if ($file -eq $configurationFile) { return }
    [void] [IO.Directory]::CreateDirectory($ConfigurationDirectory)
    [IO.File]::Copy($file, $configurationFile, $false)
}

# --- systemd -----------------------------------------------------------------------------------------------------

function Install-Unit {
    $unit = [IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, 'deploy', 'retention-agent.service'))
    $unit = $unit.Replace('/opt/retention-agent', $InstallDirectory).Replace('/etc/retention-agent', $ConfigurationDirectory)
    if ($DataDirectory -ne '/var/lib/retention-agent') {
        $unit = $unit.Replace('/var/lib/retention-agent', $DataDirectory)
        $unit = $unit.Replace('ProtectSystem=strict', "ProtectSystem=strict`nReadWritePaths=$DataDirectory")
    }
    [void] [IO.Directory]::CreateDirectory($UnitDirectory)
    [IO.File]::WriteAllText($unitFile, $unit)
}

function Install-SystemdService {
    if ((Invoke-Program 'id' @('-u', $account)).Code -ne 0) {
        Invoke-Required 'useradd' @('--system', '--user-group', '--no-create-home', '--home-dir', $DataDirectory, '--shell', '/usr/sbin/nologin', $account)
    }
    [void] [IO.Directory]::CreateDirectory($DataDirectory)
    Invoke-Required 'chown' @("${account}:${account}", $DataDirectory)
    Invoke-Required 'chmod' @('0700', $DataDirectory)
    # It may hold passwords of recorders: the service reads it, others do not.
    Invoke-Required 'chown' @("root:${account}", $configurationFile)
    Invoke-Required 'chmod' @('0640', $configurationFile)
    Install-Unit
    Invoke-Required 'systemctl' @('daemon-reload')
    Invoke-Required 'systemctl' @('enable', $service)
}

function Remove-SystemdService {
    if (-not [IO.File]::Exists($unitFile)) { return }
    Invoke-Required 'systemctl' @('disable', '--now', $service)
    [IO.File]::Delete($unitFile)
    Invoke-Required 'systemctl' @('daemon-reload')
}

# --- Windows -----------------------------------------------------------------------------------------------------

function Test-WindowsService { return (Invoke-Program 'sc.exe' @('query', $service)).Code -eq 0 }

# The state is read by its number, because its name may be translated: 1 stopped, 4 running.
function Wait-WindowsService([int] $state) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while ($watch.Elapsed.TotalSeconds -lt 60) {
        if ((Invoke-Program 'sc.exe' @('query', $service)).Text -match "STATE\s*:\s*$state\b") { return }
        [Threading.Thread]::Sleep(250)
    }
    Stop-Installation 1 "The service did not reach state $state within a minute; see the Application event log"
}

function Stop-WindowsService {
    if (-not (Test-WindowsService)) { return }
    [void] (Invoke-Program 'sc.exe' @('stop', $service))
    Wait-WindowsService 1
}

function Install-WindowsService {
    $command = '"{0}" run --config "{1}"' -f $program, $configurationFile
    $verb = 'create'
    if (Test-WindowsService) { $verb = 'config' }
    Invoke-Required 'sc.exe' @($verb, $service, 'binPath=', $command, 'start=', 'delayed-auto', 'obj=', $account, 'DisplayName=', 'NVR Retention Agent')
    Invoke-Required 'sc.exe' @('description', $service, 'Measures how far back CCTV footage runs without a break. Reads footage, never writes it.')
    Invoke-Required 'sc.exe' @('failure', $service, 'reset=', '86400', 'actions=', 'restart/10000/restart/60000/restart/300000')
    Invoke-Required 'sc.exe' @('failureflag', $service, '1')
    Invoke-Required 'sc.exe' @('sidtype', $service, 'unrestricted')
    Invoke-Required 'sc.exe' @('privs', $service, 'SeChangeNotifyPrivilege')
    # The service, SYSTEM and Administrators by their ids, because their names are translated; nobody else.
    [void] [IO.Directory]::CreateDirectory($DataDirectory)
    Invoke-Required 'icacls.exe' @($DataDirectory, '/inheritance:r', '/grant:r', "${account}:(OI)(CI)M", '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F')
    Invoke-Required 'icacls.exe' @($configurationFile, '/inheritance:r', '/grant:r', "${account}:R", '*S-1-5-18:F', '*S-1-5-32-544:F')
}

function Remove-WindowsService {
    if (-not (Test-WindowsService)) { return }
    Stop-WindowsService
    Invoke-Required 'sc.exe' @('delete', $service)
}

# --- either ------------------------------------------------------------------------------------------------------

function Stop-AgentService {
    if ($ServiceManager -eq 'Windows') { Stop-WindowsService }
    elseif ([IO.File]::Exists($unitFile)) { Invoke-Required 'systemctl' @('stop', $service) }
}

function Start-AgentService {
    if ($ServiceManager -eq 'Windows') {
        Invoke-Required 'sc.exe' @('start', $service)
        Wait-WindowsService 4
        return
    }
    # The unit is of type notify, so this returns when the agent has said that it is ready.
    Invoke-Required 'systemctl' @('restart', $service)
    Invoke-Required 'systemctl' @('is-active', '--quiet', $service)
}

function Install-Agent {
    $build = Get-Build
    try {
        if (-not [IO.File]::Exists([IO.Path]::Combine($build, $programName))) { Stop-Installation 1 "$build holds no $programName" }
        Assert-Ours $InstallDirectory @($programName)
        $chosen = Get-ConfigurationToUse
        Assert-Valid ([IO.Path]::Combine($build, $programName)) $chosen
        $stated = Get-DataDirectory $chosen
        if (-not $DataDirectory) { $script:DataDirectory = $stated }
        if ($DataDirectory -ne $stated) { Stop-Installation 2 "-DataDirectory is $DataDirectory, and the configuration says $stated" }

        # At this point: the new program accepts the configuration, and nothing has been changed yet.
        Stop-AgentService
        Install-Program $build
        Install-Configuration $chosen
        if ($ServiceManager -eq 'Windows') { Install-WindowsService } else { Install-SystemdService }
        if (-not $NoStart) { Start-AgentService }
    }
    finally { if (-not $Source) { [IO.Directory]::Delete($build, $true) } }
}

function Uninstall-Agent {
    Assert-Ours $InstallDirectory @($programName)
    $data = $DataDirectory
    if (-not $data -and [IO.File]::Exists($configurationFile)) { $data = Get-DataDirectory $configurationFile }
    if ($RemoveData -and $data) { Assert-Ours $data @('ledger.db', 'agent.key.pem') }

    if ($ServiceManager -eq 'Windows') { Remove-WindowsService } else { Remove-SystemdService }
    if ([IO.Directory]::Exists($InstallDirectory)) { [IO.Directory]::Delete($InstallDirectory, $true) }
    if (-not $RemoveData) { return }
    if ([IO.File]::Exists($configurationFile)) { [IO.File]::Delete($configurationFile) }
    if ($data -and [IO.Directory]::Exists($data)) { [IO.Directory]::Delete($data, $true) }
}

try {
    $InstallDirectory = Get-FullPath $InstallDirectory
    $ConfigurationDirectory = Get-FullPath $ConfigurationDirectory
    if ($DataDirectory) { $DataDirectory = Get-FullPath $DataDirectory }
    $configurationFile = [IO.Path]::Combine($ConfigurationDirectory, 'agent.json')
    $unitFile = [IO.Path]::Combine($UnitDirectory, 'retention-agent.service')
    $program = [IO.Path]::Combine($InstallDirectory, $programName)

    if ($Uninstall) {
        $what = 'Remove the service and the program; keep configuration and data'
        if ($RemoveData) { $what = 'Remove the service, the program, the configuration and all data' }
        if ($PSCmdlet.ShouldProcess($InstallDirectory, $what)) {
            Assert-Administrator
            Uninstall-Agent
            "Removed from $InstallDirectory"
        }
    }
    elseif ($PSCmdlet.ShouldProcess($InstallDirectory, 'Install or upgrade the service')) {
        Assert-Administrator
        Install-Agent
        "Installed in $InstallDirectory with $configurationFile"
        "With a code from the authority: $program enrol --url URL --code - --config $configurationFile"
    }
    exit 0
}
catch {
    [Console]::Error.WriteLine($_.Exception.Message)
    exit $script:exitCode
}

#!/usr/bin/env bash
# Installs what the tests need, builds everything once, runs every test project and sums up.
# The last line is always "N passed, N failed, N skipped"; the exit code is 0 only if something ran and nothing failed.
#
# Campaigns. Some tests do a little here and could go on for ever; the environment says how far. After a build, for example:
#   RETENTION_KILLS=10000 dotnet test tests/Agent.EndToEnd -c Release --no-build --filter KillLoopTests       (3 h; RETENTION_SEED=1)
#   RETENTION_SYSCALL_STEP=1 dotnet test tests/Agent.EndToEnd -c Release --no-build --filter SyscallTests     (every call to the 200th)
#   LEDGER_CORRUPTIONS=10000 dotnet test tests/Agent.Tests -c Release --no-build --filter LedgerCorruption    (LEDGER_CORRUPTION_SEED=1)
#   RETENTION_HISTORIES=5000 dotnet test tests/Agent.Tests -c Release --no-build --filter "LayoutTruthTests|IndexTruthTests"   (for each layout; RETENTION_SEED=1)
#   RETENTION_HISTORIES=500 dotnet test tests/Agent.Tests -c Release --no-build --filter OnvifTruthTests      (for each personality of the made-up recorder; RETENTION_SEED=1)
#   RETENTION_NAMES=1000000 dotnet test tests/Agent.Tests -c Release --no-build --filter HostileNamesTests    (against every layout; RETENTION_SEED=1)
#   RETENTION_MUTATIONS=1000000 dotnet test tests/Agent.Tests -c Release --no-build --filter MutationTests    (a million damages of every container and index; RETENTION_MUTATION_SEED=1)
#   RETENTION_MUTATIONS=1000000 dotnet test tests/Agent.Tests -c Release --no-build --filter RtspMutationTests (damaged RTSP conversations)
#   RETENTION_CORPUS_CUTS=all dotnet test tests/Agent.Tests -c Release --no-build --filter CorpusTests       (every sixteenth of some hundred files)
# Their figures are in the test's output: --logger "console;verbosity=detailed".
# The properties print the seed and the smallest case when they fail. CsCheck_Time=600 (seconds for each) lets them look further, CsCheck_Seed repeats one:
#   CsCheck_Time=600 CsCheck_Threads=1 dotnet test tests/Agent.Tests -c Release --no-build --filter PropertyTests
#
# Speed and memory, as ratios to other programs in the same run: dotnet run -c Release --project tests/Agent.Benchmarks -- (what it measures, and needs, it tells)
#
# What the proof rests on (chain, verification, outbox) is held against its tests in two ways; both tools come with "dotnet tool restore":
#   cd tests/Agent.Tests; dotnet test -c Release --no-build --collect "XPlat Code Coverage" --settings coverage.runsettings --results-directory /tmp/coverage \
#       --filter "FullyQualifiedName~Evidence|FullyQualifiedName~Tests.Ledger|FullyQualifiedName~Delivery|FullyQualifiedName~Keys|FullyQualifiedName~Tests.Cli"
#   dotnet reportgenerator -reports:"/tmp/coverage/*/coverage.cobertura.xml" -targetdir:/tmp/coverage/report -reporttypes:TextSummary    (branches; 10 min)
#   dotnet stryker -f stryker-config.json                                                                                          (Agent.Evidence; hours)
#   dotnet stryker -f stryker-config.json --project Agent.csproj --test-case-filter "FullyQualifiedName~Tests.Ledger|FullyQualifiedName~Outbox|FullyQualifiedName~Tests.Cli"
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
exec </dev/null

# What must exist (a command, or a file by its full path), the Debian package that brings it, and why.
needs='
ffmpeg                           ffmpeg    makes the footage under test, and ffprobe is the second opinion on it
motion                           motion    a real recorder, whose own files the layouts are held against
openssl                          openssl   checks our signatures with other people'\''s code
strace                           strace    fails system calls on purpose: full disks, lost writes, kills
setpriv                          util-linux looks at footage as a user who may not read all of it
python3                          python3   recomputes a verdict from the evidence in another language
/usr/lib/python3/dist-packages/zeep python3-zeep a strict client of the made-up recorder, from the official descriptions
git                              git       tells which files belong to the repository
pg_createcluster                 postgresql is the other database of the audit server, a private one for each run
node                             nodejs    runs a recorder made of the official ONVIF descriptions by other people'\''s code
npm                              npm       brings that code (the package "soap") into a temporary folder
/usr/lib/wine/wine64             wine64    runs the Windows build: how Windows keeps secrets, and that it measures the same
systemd-analyze                  systemd   judges the hardening of the unit in deploy/
/usr/share/doc/python3-gst-1.0/copyright           python3-gst-1.0            lets a script be GStreamer'\''s RTSP server: a recorder that is not ours
/usr/share/doc/gir1.2-gst-rtsp-server-1.0/copyright gir1.2-gst-rtsp-server-1.0 is that server, with Digest and ONVIF replay
/usr/share/doc/gstreamer1.0-plugins-good/copyright gstreamer1.0-plugins-good  packs its pictures into RTP
/usr/share/doc/gstreamer1.0-plugins-bad/copyright  gstreamer1.0-plugins-bad   puts their times into the packets, and encodes H.265
/usr/share/doc/gstreamer1.0-plugins-ugly/copyright gstreamer1.0-plugins-ugly  encodes H.264
/usr/share/zoneinfo/Asia/Shanghai tzdata   recorders name files in local time
'

# Nothing of a build may outlive this script, and nothing may phone home or ask.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_GENERATE_ASPNET_CERTIFICATE=false

passed=0 failed=0 skipped=0
results=$(mktemp -d)
finish() {
    local code=$?
    rm -rf "$results"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || code=1
    echo "$passed passed, $failed failed, $skipped skipped"
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

exists() { case $1 in /*) [ -e "$1" ] ;; *) command -v "$1" >/dev/null ;; esac; }

missing_packages() {
    local what package why
    while read -r what package why; do
        [ -n "$what" ] && ! exists "$what" && echo "$package"
    done <<<"$needs"
}

install_missing() {
    local packages
    packages=$(missing_packages)
    [ -n "$packages" ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "Missing, and tests that need them are skipped: $(echo $packages)"
        echo "A Debian administrator installs them with: apt-get install" $packages
        return 0
    fi
    echo "Installing:" $packages
    apt_install $packages || { apt-get -q update >"$results/apt.log" 2>&1; apt_install $packages; } ||
        { tail -n 5 "$results/apt.log"; echo "Could not install all of:" $packages; }
}

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "$@" >"$results/apt.log" 2>&1; }

# Every project under tests is one unless it says <IsTestProject>false</IsTestProject>.
test_projects() { grep -L '<IsTestProject>false' tests/*/*.csproj | xargs -n 1 dirname | xargs -n 1 basename; }

# From a results file: "passed failed skipped" on the first line, then one line for every test that did not run.
summary() {
    awk -v RS='<' '
        function attribute(name) { if (!match($0, " " name "=\"[^\"]*\"")) return ""; return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) }
        function text(s) { gsub(/&#xD;|&#xA;|\r|\n/, " ", s); gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&amp;/, "\\&", s); return s }
        /^UnitTestResult[ \n]/ {
            outcome = attribute("outcome"); name = attribute("testName"); open = 0
            if (outcome == "Passed") passed++
            else if (outcome ~ /^(Failed|Error|Timeout|Aborted)$/) failed++
            else { skipped++; reason[skipped] = name; open = 1 }
        }
        /^Message>/ && open { reason[skipped] = name ": " substr($0, 9); open = 0 }
        END { print passed + 0, failed + 0, skipped + 0; for (i = 1; i <= skipped; i++) print "  " text(reason[i]) }
    ' "$1"
}

# Prints what the tests of a project say, and leaves "passed failed skipped" and the reasons of the skipped in its summary.
run_project() {
    local name=$1 code p f s
    # A test that hangs is named and ended, long before whoever started this script loses patience.
    dotnet test "tests/$name/$name.csproj" -c Release --no-build --nologo --results-directory "$results" \
        --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
        --blame-hang-timeout 15m --blame-hang-dump-type none 2>&1 |
        grep -vE '^(  Skipped |Data collector|Results File|Test run for|A total of|$)'
    code=${PIPESTATUS[0]}
    if [ ! -s "$results/$name.trx" ]; then
        echo "FAILED: $name ended with code $code and left no results"
        echo "0 1 0" >"$results/$name.summary"
        return
    fi
    summary "$results/$name.trx" >"$results/$name.summary"
    read -r p f s <"$results/$name.summary"
    if [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then
        echo "FAILED: $name ended with code $code although no test of it failed: it did not run to its end"
        f=1
    fi
    if [ $((p + f + s)) -eq 0 ]; then
        echo "FAILED: $name has no test"
        f=1
    fi
    sed -i "1s/.*/$p $f $s/" "$results/$name.summary"
}

install_missing

if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    echo "The .NET 10 SDK is not installed: 'dotnet --list-sdks' names none that begins with 10."
    exit 1
fi

dotnet build Agent.sln -c Release --nologo -v quiet -nodeReuse:false || { echo "The build failed, so no test was run."; exit 1; }

# All at once: while the tests of whole programs wait for them, the others compute.
for name in $(test_projects); do
    run_project "$name" >"$results/$name.out" &
done
wait

for name in $(test_projects); do
    echo "== $name"
    cat "$results/$name.out"
    read -r p f s <"$results/$name.summary" || { p=0 f=1 s=0; } # it was ended before it could say anything
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

if [ "$skipped" -gt 0 ]; then
    echo "Skipped, and why:"
    tail -q -n +2 "$results"/*.summary
fi
[ "$failed" -eq 0 ]

using System.Diagnostics;

namespace Agent.Tests.Probing.Files;

/// <summary>A shell script in the place of ffprobe. What it writes it writes beside itself, under <c>$0.name</c>.</summary>
sealed class FakeFfprobe : IDisposable
{
    internal const string FiveSeconds = """{"streams":[{"codec_type":"video","duration":"0:00:05.000000"}],"format":{"duration":"0:00:05.000000"}}""";

    readonly TemporaryFolder _folder = new();

    internal FakeFfprobe(string script)
    {
        Path = System.IO.Path.Combine(_folder.Path, "ffprobe");
        // Written by another process: were it open for writing here, a process another test starts could inherit that, and nobody could run it.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        foreach (var argument in new[] { "-c", """cat > "$1" && chmod 755 "$1" """, "sh", Path })
            start.ArgumentList.Add(argument);
        using var writer = Process.Start(start)!;
        writer.StandardInput.Write($"#!/bin/sh\n{script}\n");
        writer.StandardInput.Close();
        writer.WaitForExit();
    }

    internal string Path { get; }

    internal static FakeFfprobe Answering(string json) => new($"echo x >> \"$0.starts\"\ncat <<'END'\n{json}\nEND");

    internal int Starts => Wrote("starts") ? Written("starts").Length : 0;

    internal bool Wrote(string name) => File.Exists($"{Path}.{name}");

    internal string[] Written(string name) => File.ReadAllLines($"{Path}.{name}");

    public void Dispose() => _folder.Dispose();
}

using Agent.Benchmarks;

const string Usage =
    """
    Usage: dotnet run -c Release --project tests/Agent.Benchmarks -- intake [--postgres] [--kind tick|heartbeat|mix]
                                                                     [--statements N] [--agents M] [--cameras K]
           dotnet run -c Release --project tests/Agent.Benchmarks -- drain [--statements N] [--cameras K] [--days D]
           dotnet run -c Release --project tests/Agent.Benchmarks -- files [--files N] [--times N] [--folder DIR]
    They need a C compiler, openssl, ffmpeg and PostgreSQL, and libavformat-dev for that comparison (apt-get install gcc pkg-config libavformat-dev);
    caches are dropped, for what is measured cold, only as root.
    """;

// A process of its own, so that its peak of memory is its own.
if (args is ["files-look", var what, var root, var data])
    return FilesLook.Of(what, root, data);

if (args is not ["intake" or "drain" or "files", .. var options])
{
    await Console.Error.WriteLineAsync(Usage);
    return 64;
}

try
{
    if (args[0] == "files")
        return new FilesBenchmark(FilesOptions.Parse(options)).Run();
    return args[0] == "drain"
        ? await new DrainBenchmark(DrainOptions.Parse(options)).RunAsync()
        : await new IntakeBenchmark(IntakeOptions.Parse(options)).RunAsync();
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n{Usage}");
    return 64;
}

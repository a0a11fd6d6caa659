using Agent.Benchmarks;

const string Usage =
    """
    Usage: dotnet run -c Release --project tests/Agent.Benchmarks -- intake [--postgres] [--kind tick|heartbeat|mix]
                                                                     [--statements N] [--agents M] [--cameras K]
           dotnet run -c Release --project tests/Agent.Benchmarks -- drain [--statements N] [--cameras K] [--days D]
    """;

if (args is not ["intake" or "drain", .. var options])
{
    await Console.Error.WriteLineAsync(Usage);
    return 64;
}

try
{
    return args[0] == "drain"
        ? await new DrainBenchmark(DrainOptions.Parse(options)).RunAsync()
        : await new IntakeBenchmark(IntakeOptions.Parse(options)).RunAsync();
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n{Usage}");
    return 64;
}

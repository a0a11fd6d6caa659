using System.Globalization;
using Serilog;
using Serilog.Core;

namespace Agent.Hosting;

/// <summary>What a local admin reads: the console, and a rolling file in the data directory. It is not evidence; the ledger is.</summary>
internal static class StatusLog
{
    const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss zzz} [{Level:u3}] {Message:lj}{NewLine}{Exception}";
    const long LargestFile = 20L << 20;
    const int FilesKept = 31;

    public static Logger Create(string dataDirectory) => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Quartz", Serilog.Events.LogEventLevel.Warning)
        .MinimumLevel.Override("Microsoft", Serilog.Events.LogEventLevel.Warning)
        .WriteTo.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture)
        .WriteTo.File(
            Path.Combine(dataDirectory, "logs", "status-.log"), outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture,
            rollingInterval: RollingInterval.Day, rollOnFileSizeLimit: true, fileSizeLimitBytes: LargestFile, retainedFileCountLimit: FilesKept)
        .CreateLogger();
}

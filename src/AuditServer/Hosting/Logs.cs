using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace AuditServer.Hosting;

static class Logs
{
    public static Logger Create() => new LoggerConfiguration()
        .MinimumLevel.Information()
        // One line per request is noise at fleet size; intake writes its own line for everything that matters.
        .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
        .WriteTo.Console(formatProvider: CultureInfo.InvariantCulture)
        .CreateLogger();

    /// <summary>For commands, which tell themselves what they did: failures only, on standard error.</summary>
    public static Logger Quiet() => new LoggerConfiguration()
        .MinimumLevel.Error()
        .WriteTo.Console(formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose)
        .CreateLogger();
}

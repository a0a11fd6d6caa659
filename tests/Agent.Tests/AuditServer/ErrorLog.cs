using System.Collections.Concurrent;
using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace Agent.Tests.AuditServer;

/// <summary>Keeps what was logged as an error, so that a test can fail because of it.</summary>
sealed class ErrorLog : ILogEventSink
{
    public ConcurrentQueue<string> Errors { get; } = new();

    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Level >= LogEventLevel.Error)
            Errors.Enqueue($"{logEvent.RenderMessage(CultureInfo.InvariantCulture)} {logEvent.Exception}");
    }
}

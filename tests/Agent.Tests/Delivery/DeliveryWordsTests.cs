using System.Collections.Concurrent;
using System.Globalization;
using Agent.Delivery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Agent.Tests.Delivery;

sealed class DeliveryWordsTests : IDisposable
{
    readonly FakeTimeProvider _time = new();
    readonly Told _told = new();
    readonly SerilogLoggerFactory _log;
    readonly DeliveryWords _words;

    public DeliveryWordsTests()
    {
        _log = new SerilogLoggerFactory(new LoggerConfiguration().WriteTo.Sink(_told).CreateLogger(), dispose: true);
        _words = new DeliveryWords(_log.CreateLogger("delivery"), _time);
    }

    [TestCase("RevokedKey", "has revoked this agent's key")]
    [TestCase("UnknownKey", "does not know this agent yet")]
    [TestCase(Outbox.NotEnrolled, "is not enrolled")]
    public void What_lasts_until_a_person_acts_is_told_in_plain_words_once_an_hour(string failure, string words)
    {
        for (var minute = 0; minute < 120; minute++, _time.Advance(TimeSpan.FromMinutes(1)))
            _words.Tell(Report(failure));

        Assert.That(_told.Lines, Has.Count.EqualTo(2).And.All.Contains(words).And.All.Contains("Measuring goes on"));
    }

    [Test]
    public void Another_failure_or_a_success_in_between_is_told_at_once()
    {
        foreach (var failure in new[] { "RevokedKey", "TimedOut", "TimedOut", "RevokedKey", null, "RevokedKey", "UnknownKey" })
            _words.Tell(Report(failure));

        Assert.That(_told.Lines, Has.Count.EqualTo(7));
        Assert.That(_told.Lines.Count(line => line.Contains("has revoked", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    public void Dispose() => _log.Dispose();

    DeliveryReport Report(string? failure) => new(_time.GetUtcNow(), 1, failure is null ? 1 : 0, 0, 3, failure);

    sealed class Told : ILogEventSink
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public void Emit(LogEvent logEvent) => Lines.Enqueue(logEvent.RenderMessage(CultureInfo.InvariantCulture));
    }
}

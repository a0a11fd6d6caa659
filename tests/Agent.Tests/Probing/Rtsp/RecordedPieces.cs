using Agent.Evidence.Timelines;
using FakeRecorder.Rtsp;

namespace Agent.Tests.Probing.Rtsp;

/// <summary>Footage in seconds since one midnight, for the recorder and for what is expected of us.</summary>
static class RecordedPieces
{
    internal static readonly DateTimeOffset Midnight = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    internal static DateTimeOffset At(double seconds) => Midnight.AddSeconds(seconds);

    internal static TimeRange Range(double from, double to) => new(At(from), At(to));

    internal static RtspScript Script(params (double From, double To)[] pieces) => new() { Footage = camera => camera == "cam" ? [.. pieces.Select(piece => (At(piece.From), At(piece.To)))] : [] };

    /// <summary>Edges in seconds since midnight.</summary>
    internal static double[] Edges(RangeSet ranges) => [.. ranges.SelectMany(range => new[] { (range.From - Midnight).TotalSeconds, (range.To - Midnight).TotalSeconds })];

    internal static double[] Edges(params (double From, double To)[] pieces) => [.. pieces.SelectMany(piece => new[] { piece.From, piece.To })];
}

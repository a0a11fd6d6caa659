namespace FakeRecorder.Rtsp;

/// <summary>What an RTSP recorder has, and how it behaves.</summary>
public sealed record RtspScript
{
    /// <summary>The footage of a camera, ascending and apart; empty for a camera it does not know.</summary>
    public required Func<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>> Footage { get; init; }

    public int PicturesPerSecond { get; init; } = 5;

    /// <summary>How far apart key pictures are.</summary>
    public TimeSpan KeyDistance { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where playing begins when an instant between two key pictures is asked for.</summary>
    public KeyChoice Begins { get; init; }

    /// <summary>Sends pictures in the order of decoding, so that their times go to and fro.</summary>
    public bool Reorders { get; init; }

    /// <summary>Says of the last picture that it is the last.</summary>
    public bool TellsTerminal { get; init; }

    /// <summary>Fills in which PLAY a packet answers.</summary>
    public bool TellsPlay { get; init; }

    /// <summary>Appends the JPEG extension to its times, so that the extension is longer than three words.</summary>
    public bool LongExtension { get; init; }

    /// <summary>Describes the times it has.</summary>
    public bool ClaimsRange { get; init; }

    public RecorderLogin? Login { get; init; }

    /// <summary>Takes nothing but the password itself.</summary>
    public bool AsksForBasic { get; init; }

    /// <summary>Answers a request it refuses with the number of the one after it, as some firmware does.</summary>
    public bool MiscountsRefusals { get; init; }

    public RtspFault Fault { get; init; }

    /// <summary>The method at which it misbehaves.</summary>
    public string FaultAt { get; init; } = "DESCRIBE";

    /// <summary>Where nobody may be sent.</summary>
    public string Elsewhere { get; init; } = "";

    /// <summary>Last touch to everything it sends: what a broken line or a hostile recorder makes of it.</summary>
    public Func<byte[], byte[]>? Mutates { get; init; }
}

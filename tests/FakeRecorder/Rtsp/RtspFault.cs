namespace FakeRecorder.Rtsp;

/// <summary>How an RTSP recorder misbehaves; where it matters, at the request that <see cref="RtspScript.FaultAt"/> names.</summary>
public enum RtspFault
{
    None,

    /// <summary>Says nothing any more.</summary>
    Stall,

    /// <summary>Sends half of a reply, and nothing more.</summary>
    HalfReply,

    /// <summary>Sends header fields without end.</summary>
    EndlessHead,

    /// <summary>One header field without an end.</summary>
    EndlessLine,

    /// <summary>Says that a body of gigabytes follows.</summary>
    EndlessBody,

    /// <summary>Says that a body of a negative length follows.</summary>
    NegativeBody,

    /// <summary>Answers another request than was made.</summary>
    WrongCSeq,

    /// <summary>Points to <see cref="RtspScript.Elsewhere"/> in a reply.</summary>
    RedirectReply,

    /// <summary>Points to <see cref="RtspScript.Elsewhere"/> with a request of its own.</summary>
    RedirectRequest,

    /// <summary>Describes a presentation whose parts are at <see cref="RtspScript.Elsewhere"/>.</summary>
    ControlsElsewhere,

    /// <summary>Answers as a web server.</summary>
    AnswersHttp,

    /// <summary>Closes the connection.</summary>
    HangsUp,

    /// <summary>Does not know replay.</summary>
    RefusesReplay,

    /// <summary>Cannot pause.</summary>
    RefusesPause,

    /// <summary>Refuses instants before its oldest footage.</summary>
    RefusesBeforeOldest,

    /// <summary>Sends packets of other channels, and packets that are none, between the right ones.</summary>
    Garbage,

    /// <summary>Sends pictures without their times.</summary>
    NoTimes,

    /// <summary>Sends some pictures of the first play, and nothing more of it.</summary>
    StallsPlaying,

    /// <summary>Sends some pictures of the first play, and hangs up.</summary>
    HangsUpPlaying,

    /// <summary>Stops at the end of every piece, and calls that the end.</summary>
    EndsAtEveryPiece,
}

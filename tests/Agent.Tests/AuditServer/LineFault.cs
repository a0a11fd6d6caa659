namespace Agent.Tests.AuditServer;

/// <summary>What a line does to one request.</summary>
enum LineFault
{
    None,

    /// <summary>The connection breaks before the request is through.</summary>
    LostBefore,

    /// <summary>The server commits; its acknowledgement is lost.</summary>
    LostAfter,

    /// <summary>The request arrives twice, one after the other.</summary>
    Doubled,

    /// <summary>The request arrives twice at the same time.</summary>
    DoubledAtOnce,

    /// <summary>The connection breaks, and the request arrives after later ones all the same.</summary>
    Overtaken,

    /// <summary>The answer takes a while, and comes.</summary>
    Slow,

    /// <summary>The answer comes when nobody waits for it any more.</summary>
    TooSlow,

    /// <summary>The connection breaks in the middle of the answer.</summary>
    CutOff,

    /// <summary>The answer ends too early and looks complete.</summary>
    CutShort,

    /// <summary>The answer is the one to the statement before.</summary>
    Swapped,

    /// <summary>500, though the server has committed.</summary>
    BrokenAfter,

    /// <summary>503 that says when to come again, in seconds or as a date.</summary>
    Busy,

    /// <summary>503 that says to come again in an hour.</summary>
    BusyForLong,

    /// <summary>429 without more.</summary>
    TooMany,

    /// <summary>A page of somebody who is no audit server.</summary>
    Stranger,
}

namespace Agent.Probing.Rtsp;

/// <summary>Why a recorder could not be looked at over RTSP.</summary>
internal enum RtspFailure
{
    /// <summary>No connection: refused, no route, no such name.</summary>
    Unreachable,

    /// <summary>It stopped answering, or took longer than a look may.</summary>
    TimedOut,

    /// <summary>It closed the connection, or forgot the session, before it had answered.</summary>
    Ended,

    /// <summary>It does not take the login, or wants one and none is configured. Not tried again: a few more tries lock an account.</summary>
    RefusedLogin,

    /// <summary>It offers only ways in that would tell it the password, and that is not allowed.</summary>
    WantsBasic,

    /// <summary>It points elsewhere; nobody goes there.</summary>
    Redirected,

    /// <summary>It cannot do what is asked, such as replay, or RTP over the same connection.</summary>
    NotSupported,

    /// <summary>It knows no such recording or stream.</summary>
    NotFound,

    /// <summary>The times asked for lie outside of what it has.</summary>
    OutOfRange,

    /// <summary>It refuses for another reason, which the message tells.</summary>
    Refused,

    /// <summary>What it sends is not RTSP, or contradicts itself.</summary>
    NotRtsp,

    /// <summary>It sends more than we hold.</summary>
    TooMuch,

    /// <summary>There is no video in what it offers or delivers.</summary>
    NoVideo,

    /// <summary>Its replay does not say when pictures were taken (no 0xABAC extension).</summary>
    NoTimes,
}

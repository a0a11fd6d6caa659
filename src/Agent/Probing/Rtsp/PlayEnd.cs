namespace Agent.Probing.Rtsp;

/// <summary>How reading what is played came to its end.</summary>
internal enum PlayEnd
{
    /// <summary>A picture at or after the instant that was to be reached.</summary>
    Reached,

    /// <summary>The last picture said that it is the last (T). Some say so at the end of every piece.</summary>
    Terminal,

    /// <summary>Nothing more came, whether or not the stream was ended in order: it may be the end, or a disk that does not answer.</summary>
    Silent,

    /// <summary>The recorder does not play from there. What lies there is not known by that: it may refuse any instant before its oldest footage.</summary>
    OutOfRange,
}

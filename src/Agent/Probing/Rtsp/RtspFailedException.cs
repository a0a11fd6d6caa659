namespace Agent.Probing.Rtsp;

/// <summary>Carries a named failure out of a conversation; the checks make a value of it, and nobody else sees it.</summary>
/// <param name="failure">What.</param>
/// <param name="message">One printable clause about the recorder; without login, address or anything it did not say itself.</param>
internal sealed class RtspFailedException(RtspFailure failure, string message) : Exception(message)
{
    public RtspFailure Failure => failure;
}

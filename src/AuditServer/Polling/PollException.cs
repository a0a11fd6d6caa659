namespace AuditServer.Polling;

/// <summary>An agent could not be asked, or did not answer as it must.</summary>
/// <param name="message">One plain sentence without its end.</param>
/// <param name="isStranger">Whether somebody else answered: another certificate than the one pinned.</param>
sealed class PollException(string message, bool isStranger = false) : Exception(message)
{
    public bool IsStranger => isStranger;
}

namespace Agent.Delivery;

/// <summary>
/// What the audit server refused for good, once. One answer sets no evidence aside: a server that is just being replaced, or whatever stands
/// in front of it, may say anything for a while. Only the same refusal given again after <see cref="Wait"/> is meant. Kept in memory and on
/// the monotonic clock: an agent that starts anew asks once more.
/// </summary>
sealed class FirstRefusals(TimeProvider time)
{
    /// <summary>How long after its first refusal a statement is asked about again.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromHours(1);

    readonly Dictionary<long, (string Code, long At)> _refused = [];

    /// <summary>Whether a statement was refused so lately that it is not yet time to ask again.</summary>
    /// <param name="position">Of the statement in the outbox.</param>
    public bool IsRecent(long position) => _refused.TryGetValue(position, out var first) && time.GetElapsedTime(first.At) < Wait;

    /// <summary>Takes a refusal.</summary>
    /// <returns>Whether the same was said before, long enough ago. Another reason than before begins the wait anew.</returns>
    public bool IsSaidAgain(long position, string code)
    {
        if (_refused.TryGetValue(position, out var first) && first.Code == code)
            return time.GetElapsedTime(first.At) >= Wait;

        _refused[position] = (code, time.GetTimestamp());
        return false;
    }

    /// <summary>Forgets a statement that is settled.</summary>
    public void Forget(long position) => _refused.Remove(position);
}

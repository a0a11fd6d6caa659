using System.Globalization;

namespace Agent.Delivery;

/// <summary>What an audit server's refusals mean to the technician who stands before the machine.</summary>
static class EnrolmentWords
{
    /// <summary>One plain sentence.</summary>
    /// <param name="code">The code of the refusal; null or unknown when it gave none that we know. It is not shown: whoever answered may have written anything.</param>
    /// <param name="status">The HTTP status.</param>
    public static string For(string? code, int status) => code switch
    {
        "UnknownCode" => "The audit server issued no such code: it comes from another server, or its first six characters are wrong.",
        "WrongProof" => "The audit server does not accept the code: it is not the one it issued, or somebody changed the request on the way. After ten such tries the code is void.",
        "CodeVoid" => "The code is void after too many wrong tries. Ask for another one.",
        "CodeUsed" => "An agent was enrolled with this code before. A code is good for one agent; this second use was noted. Ask for another one.",
        "CodeExpired" => "The code is no longer valid. Ask for another one.",
        "WrongSite" => "The code is for another site than the configuration names (site.id).",
        "AgentElsewhere" => "The audit server knows this agent or its key at another site. Set up a new data directory for this site, or ask the authority.",
        "RevokedKey" => "The audit server has revoked this agent's key. Change it with 'retention-agent key rotate', then enrol again with the same code.",
        "StaleKey" => "The audit server has another key of this agent in the place of this one. Change it with 'retention-agent key rotate', then enrol again with the same code.",
        "NotStored" => "The audit server could not store the enrolment. Run the same command again later; the code is still good.",
        "BadSignature" or "Malformed" or "TooLarge" or "WrongContentType" => "The audit server could not read the request: it was changed on the way, or one of the two programs is too old.",
        _ => string.Create(CultureInfo.InvariantCulture, $"The server at this address did not enrol the agent (HTTP {status}); is it the audit server?"),
    };
}

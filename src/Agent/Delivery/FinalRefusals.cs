using System.Collections.Frozen;
using System.Net;

namespace Agent.Delivery;

/// <summary>
/// The refusals after which sending the same statement again changes nothing: each has a name and a status (FORMAT.md). What has another
/// name, another status or none at all comes from something in between, and says nothing of the statement.
/// </summary>
static class FinalRefusals
{
    static readonly FrozenDictionary<string, HttpStatusCode> Statuses = new Dictionary<string, HttpStatusCode>
    {
        ["Malformed"] = HttpStatusCode.BadRequest,
        ["Equivocation"] = HttpStatusCode.Conflict,
        ["Fork"] = HttpStatusCode.Conflict,
        ["TooLarge"] = HttpStatusCode.RequestEntityTooLarge,
        ["BadSignature"] = HttpStatusCode.UnprocessableEntity,
        ["BrokenChain"] = HttpStatusCode.UnprocessableEntity,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    static readonly FrozenSet<string> OfKeys = FrozenSet.Create(StringComparer.Ordinal, "RevokedKey", "StaleKey");

    /// <summary>Whether it is about the statement itself.</summary>
    public static bool Includes(HttpStatusCode status, string code) => Statuses.TryGetValue(code, out var its) && its == status;

    /// <summary>Whether it is about the key that signed, which is final for a key that the agent has since changed.</summary>
    public static bool IsOfKey(HttpStatusCode status, string code) => status == HttpStatusCode.Forbidden && OfKeys.Contains(code);
}

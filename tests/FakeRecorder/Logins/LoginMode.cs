namespace FakeRecorder.Logins;

/// <summary>How a recorder wants to be shown a password.</summary>
public enum LoginMode
{
    DigestMd5,

    /// <summary>As before 1999: no qop, no count.</summary>
    DigestMd5WithoutQop,

    /// <summary>An MD5 challenge, and a SHA-256 one as a second header.</summary>
    DigestBoth,
    DigestSha256,

    /// <summary>MD5, and qop must come back in quotes.</summary>
    DigestQuotedQop,

    /// <summary>A token in the SOAP header and nothing else; refusals are SOAP faults with 400.</summary>
    Token,

    /// <summary>A digest or a token; where both come, both must be right.</summary>
    DigestOrToken,
}

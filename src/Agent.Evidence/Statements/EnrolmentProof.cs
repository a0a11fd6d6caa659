using System.Security.Cryptography;
using System.Text;

namespace Agent.Evidence.Statements;

/// <summary>
/// How both sides of an enrolment show that they hold the code: the last member of a JSON object, <c>"proof"</c>, is HMAC-SHA256 over all
/// bytes before it.
/// </summary>
static class EnrolmentProof
{
    public const string Member = "proof";

    // ,"proof":"…"} with 32 bytes in base64url.
    const int Length = 10 + 43 + 2;

    /// <summary>Ends an object that was written without its closing brace.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> open, ReadOnlySpan<byte> key) =>
        [.. open, .. Encoding.ASCII.GetBytes($",\"{Member}\":\"{StrictBase64Url.Encode(HMACSHA256.HashData(key, open))}\"}}")];

    /// <summary>Whether an object ends with the proof made with this key. Takes the same time whatever it ends with.</summary>
    public static bool Holds(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> key) =>
        whole.Length > Length && CryptographicOperations.FixedTimeEquals(whole, Seal(whole[..^Length], key));
}

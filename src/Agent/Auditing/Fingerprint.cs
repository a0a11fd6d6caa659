using System.Security.Cryptography;

namespace Agent.Auditing;

/// <summary>A SHA-256 as people write it down and compare it.</summary>
internal static class Fingerprint
{
    const int Shown = 16;

    /// <summary>Reads 64 hex digits, with or without colons between bytes; null when it is anything else.</summary>
    public static byte[]? Parse(string text)
    {
        var digits = text.Length == 95 ? text.Replace(":", "", StringComparison.Ordinal) : text;
        return digits.Length == 2 * SHA256.HashSizeInBytes && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : null;
    }

    /// <summary>Enough of it to tell keys apart in a register.</summary>
    public static string Short(byte[] hash) => Convert.ToHexStringLower(hash)[..Shown];
}

using System.Security.Cryptography;
using System.Text;
using Agent.Recorders;

namespace Agent.Probing.Digests;

/// <summary>The number that proves a password: RFC 7616, 3.4.1; without qop RFC 2617, 3.2.2.1.</summary>
internal static class DigestResponse
{
    /// <summary>Lower-case hex.</summary>
    /// <param name="count">Eight hex digits: how often the nonce was used.</param>
    /// <param name="cnonce">Ours; in the number with qop, and with an algorithm of sessions.</param>
    public static string Of(DigestChallenge challenge, RecorderLogin login, string method, string uri, string count, string cnonce)
    {
        var algorithm = challenge.Algorithm;
        var secret = Hash(algorithm, [.. Bytes(login.Username), (byte)':', .. Sent(challenge.Realm), (byte)':', .. Bytes(login.RevealPassword())]);
        if (algorithm is DigestAlgorithm.Md5Session or DigestAlgorithm.Sha256Session)
            secret = Hash(algorithm, Sent($"{secret}:{challenge.Nonce}:{cnonce}"));
        var request = Hash(algorithm, Sent($"{method}:{uri}"));
        return Hash(algorithm, Sent(challenge.UsesQop
            ? $"{secret}:{challenge.Nonce}:{count}:{cnonce}:auth:{request}"
            : $"{secret}:{challenge.Nonce}:{request}"));
    }

    static byte[] Bytes(string ours) => Encoding.UTF8.GetBytes(ours);

    /// <summary>The bytes a peer sent or is sent: one for each character, so that a realm in GBK is hashed as the peer hashes it.</summary>
    static byte[] Sent(string text) => text.Any(character => character > '\xff') ? Encoding.UTF8.GetBytes(text) : Encoding.Latin1.GetBytes(text);

    static string Hash(DigestAlgorithm algorithm, byte[] text) => Convert.ToHexStringLower(
        algorithm is DigestAlgorithm.Sha256 or DigestAlgorithm.Sha256Session
            ? SHA256.HashData(text)
#pragma warning disable CA5351 // The protocol says MD5, and recorders know nothing else.
            : MD5.HashData(text));
#pragma warning restore CA5351
}

using System.Buffers.Text;

namespace Agent.Evidence.Statements;

/// <summary>
/// base64url as RFC 7515 section 2 has it: no padding, no white space, unused bits zero. One text per byte string,
/// so that no character of a signed statement can change without being seen.
/// </summary>
static class StrictBase64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>The bytes, or null when the text is not the one encoding of any.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            return Base64Url.EncodeToString(bytes).AsSpan().SequenceEqual(text) ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

using System.Buffers.Text;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// The line after a statement in a ledger export: <c>{"signature":"header..signature"}</c>, a JWS whose payload stands in the line
/// before (RFC 7515 appendix F). Source: FORMAT.md, "Ledger export".
/// </summary>
public static class SignatureLine
{
    const string What = "Signature line";
    const int MaxBytes = 8192;

    /// <summary>What no ledger entry begins with.</summary>
    static ReadOnlySpan<byte> Mark => "{\"signature\""u8;

    /// <summary>Whether a line means to be one.</summary>
    /// <param name="line">Its bytes.</param>
    /// <returns>True when no entry can be meant.</returns>
    public static bool IsOne(ReadOnlySpan<byte> line) => line.StartsWith(Mark);

    /// <summary>Writes the line for a statement.</summary>
    /// <param name="jws">The compact JWS of the statement.</param>
    /// <returns>The line without its end.</returns>
    /// <exception cref="ArgumentException">It is no compact JWS.</exception>
    public static string Of(string jws) => jws.Split('.') is [var header, _, var signature]
        ? $$"""{"signature":"{{header}}..{{signature}}"}"""
        : throw new ArgumentException("This is no compact JWS.", nameof(jws));

    /// <summary>Puts a statement together again.</summary>
    /// <param name="line">The line.</param>
    /// <param name="entry">The exact bytes of the entry before it.</param>
    /// <returns>The compact JWS, whatever it is worth.</returns>
    /// <exception cref="FormatException">It is not such a line.</exception>
    internal static string Read(ReadOnlyMemory<byte> line, ReadOnlySpan<byte> entry)
    {
        using var document = StrictJson.Parse(line, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        var detached = fields.NextString("signature");
        fields.End();
        return detached.Split('.') is [var header, "", var signature]
            ? $"{header}.{Base64Url.EncodeToString(entry)}.{signature}"
            : throw fields.Wrong("signature", "a JWS with its payload left out");
    }
}

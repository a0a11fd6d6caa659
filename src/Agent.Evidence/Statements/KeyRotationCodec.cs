using System.Text;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// The bytes of a key rotation, <c>{"v":1,"agent":…,"epoch":…,"seq":…,"key":{JWK}}</c>, and of the entry's body that carries it,
/// <c>{"jws":"…"}</c>. Source: FORMAT.md, "Key rotation".
/// </summary>
public static class KeyRotationCodec
{
    const string What = "Key rotation";
    const int MaxBytes = 4096;

    /// <summary>Writes the payload that the old key signs.</summary>
    /// <param name="rotation">The rotation.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Encode(KeyRotation rotation) => Encoding.UTF8.GetBytes(
        $$"""{"v":{{KeyRotation.Version}},"agent":"{{rotation.Agent}}","epoch":"{{rotation.Epoch:D}}","seq":{{rotation.Seq}},"key":{{rotation.Key.ToJson()}}}""");

    /// <summary>Reads the payload of a rotation whose signature was checked.</summary>
    /// <param name="utf8">The payload.</param>
    /// <returns>The rotation.</returns>
    /// <exception cref="FormatException">It is not exactly this JSON object.</exception>
    public static KeyRotation Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        fields.NextVersion(KeyRotation.Version);
        var rotation = new KeyRotation(
            fields.NextToken("agent"), fields.NextGuid("epoch"), fields.NextWhole("seq", least: 1), Jwk.Read(fields.Next("key")));
        fields.End();
        return rotation;
    }

    /// <summary>Writes the body of a <c>key-rotate</c> entry.</summary>
    /// <param name="jws">The rotation, signed by the old key.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] EncodeBody(string jws) => Encoding.ASCII.GetBytes($$"""{"jws":"{{jws}}"}""");

    /// <summary>Reads a <c>key-rotate</c> entry and checks that a known key signed it for exactly this place in the ledger.</summary>
    /// <param name="entry">An entry of type <see cref="EntryTypes.KeyRotate"/>.</param>
    /// <param name="keyByKid">Looks a key up among those believed.</param>
    /// <returns>The rotation with the key that signed it, or the first fault.</returns>
    public static KeyRotationCheck Verify(LedgerEntry entry, Func<string, Jwk?> keyByKid)
    {
        try
        {
            using var document = StrictJson.Parse(entry.Body, EntryCodec.MaxBytes, What);
            var fields = new OrderedFields(document.RootElement, What);
            var jws = Jws.Verify(fields.NextString("jws"), StatementTypes.KeyRotation, keyByKid);
            fields.End();
            if (jws.Fault is not null)
                return new KeyRotationCheck(null, StatementFault.Of(jws));

            var rotation = Decode(jws.Payload);
            return rotation.Agent == entry.Agent && rotation.Epoch == entry.Epoch && rotation.Seq == entry.Seq
                ? new KeyRotationCheck(new KeySuccession(jws.Key!, rotation), null)
                : new KeyRotationCheck(null, new StatementFault(StatementFaultKind.WrongSubject,
                    $"The key rotation is for seq {rotation.Seq} of {rotation.Agent}, not for the entry it stands in."));
        }
        catch (FormatException e)
        {
            return new KeyRotationCheck(null, new StatementFault(StatementFaultKind.Malformed, e.Message));
        }
    }
}

using System.Security.Cryptography;
using Agent.Evidence.Statements;

namespace Agent.Tests.Evidence;

/// <summary>Published test keys, so that vectors stay checkable with other people's tools.</summary>
static class TestKeys
{
    /// <summary>RFC 6979 section A.2.5.</summary>
    public static ECDsa Agent() => Key(
        Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"),
        Convert.FromHexString("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"),
        Convert.FromHexString("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"));

    /// <summary>RFC 7515 section A.3.</summary>
    public static ECDsa Server() => Key(
        StrictBase64Url.Decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI")!,
        StrictBase64Url.Decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")!,
        StrictBase64Url.Decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")!);

    /// <summary>A lookup that has pinned exactly these keys.</summary>
    public static Func<string, Jwk?> Pinned(params ECDsa[] keys)
    {
        var set = new JwkSet([.. keys.Select(Jwk.FromKey)]);
        return set.Find;
    }

    static ECDsa Key(byte[] d, byte[] x, byte[] y) => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = d,
        Q = new ECPoint { X = x, Y = y },
    });
}

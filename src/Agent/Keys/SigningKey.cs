using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Statements;

namespace Agent.Keys;

/// <summary>The agent's ES256 key: made at first start, never leaves the data directory, signs every statement.</summary>
sealed class SigningKey : IDisposable
{
    public const string FileName = "agent.key.pem";

    readonly ECDsa _key;
    readonly Lock _turn = new();

    SigningKey(ECDsa key)
    {
        _key = key;
        Public = Jwk.FromKey(key);
    }

    /// <summary>The public half, which an audit server pins.</summary>
    public Jwk Public { get; }

    /// <summary>Opens the key of a data directory, making it at first start.</summary>
    /// <exception cref="KeyFileException">The file is exposed to others, or is not a P-256 key in PKCS#8 PEM.</exception>
    public static SigningKey Open(string directory)
    {
        var path = Path.Combine(directory, FileName);
        var pem = KeyFile.ReadOrMakeSecret(path, Make);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.ASCII.GetString(pem));
            return new SigningKey(key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new KeyFileException(path, "it does not hold a P-256 key in PKCS#8 PEM; restore it or enrol anew", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
        }
    }

    /// <summary>Signs exact bytes as a compact JWS. Signing the same bytes again gives another text.</summary>
    /// <param name="payload">What is stated.</param>
    /// <param name="type">One of <see cref="StatementTypes"/>.</param>
    public string Sign(ReadOnlySpan<byte> payload, string type)
    {
        // One ECDsa object is not promised to be safe on two threads, and a poll may be answered while a heartbeat is signed.
        lock (_turn)
            return Jws.Sign(payload, type, _key);
    }

    public void Dispose() => _key.Dispose();

    static byte[] Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}

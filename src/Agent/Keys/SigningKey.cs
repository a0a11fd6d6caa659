using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Statements;

namespace Agent.Keys;

/// <summary>An ES256 key of the agent: never leaves the data directory, signs every statement while it is the current one.</summary>
sealed class SigningKey : IDisposable
{
    public const string FileName = "agent.key.pem";

    readonly Lock _turn = new();

    // Changed only under _turn.
    ECDsa _key;

    SigningKey(ECDsa key)
    {
        _key = key;
        Public = Jwk.FromKey(key);
    }

    /// <summary>The public half, which an audit server pins.</summary>
    public Jwk Public { get; private set; }

    /// <summary>Opens the key of a data directory, making it at first start.</summary>
    /// <exception cref="KeyFileException">Others may use it, or it is not a P-256 key in PKCS#8 PEM.</exception>
    public static SigningKey Open(string directory, ISecretProtection? protection = null)
    {
        var path = Path.Combine(directory, FileName);
        return Parse(path, KeyFile.ReadOrMakeSecret(path, Make, protection));
    }

    /// <summary>Reads a key and wipes the text it came from.</summary>
    /// <param name="path">Where it came from.</param>
    /// <param name="pem">PKCS#8 PEM.</param>
    /// <exception cref="KeyFileException">It is not a P-256 key in PKCS#8 PEM.</exception>
    public static SigningKey Parse(string path, byte[] pem)
    {
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

    /// <summary>A new key as PKCS#8 PEM.</summary>
    public static byte[] Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n");
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

    /// <summary>Becomes another key, so that whoever holds this object signs with the new one from here on.</summary>
    /// <param name="next">Its private half comes over; not to be used afterwards.</param>
    public void Become(SigningKey next)
    {
        lock (_turn)
        {
            (_key, next._key) = (next._key, _key);
            Public = next.Public;
        }

        next.Dispose();
    }

    public void Dispose() => _key.Dispose();
}

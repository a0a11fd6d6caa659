using System.Security.Cryptography;
using Agent.Evidence.Statements;

namespace AuditServer.Keys;

/// <summary>
/// The server's own ES256 key, made at first start and kept as PKCS#8 PEM that only its account can read.
/// Agents pin its public half at enrolment, so it must never be replaced silently: a file that cannot be read stops the start.
/// </summary>
sealed class ReceiptKey : IDisposable
{
    readonly ECDsa _key;
    readonly Lock _using = new();

    ReceiptKey(ECDsa key) => (_key, Public) = (key, Jwk.FromKey(key));

    public Jwk Public { get; }

    /// <exception cref="InvalidDataException">The file exists but holds no P-256 private key.</exception>
    public static ReceiptKey LoadOrCreate(string file)
    {
        var pem = PrivateKeyFile.ReadOrMake(file);
        ECDsa? key = null;
        try
        {
            key = ECDsa.Create();
            key.ImportFromPem(pem);
            key.SignHash(new byte[SHA256.HashSizeInBytes]); // a public key alone would be noticed only at the first receipt
            var loaded = new ReceiptKey(key);
            key = null;
            return loaded;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new InvalidDataException($"{file} holds no P-256 private key: {e.Message}", e);
        }
        finally
        {
            key?.Dispose();
        }
    }

    /// <summary>Signs a receipt. One at a time: an ECDsa instance promises nothing about concurrent use.</summary>
    public string Sign(ReadOnlySpan<byte> receipt)
    {
        lock (_using)
            return Jws.Sign(receipt, StatementTypes.Receipt, _key, Public);
    }

    public void Dispose() => _key.Dispose();
}

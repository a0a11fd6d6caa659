using System.Security.Cryptography;
using Agent.Evidence.Statements;

namespace AuditServer.Keys;

/// <summary>
/// The server's own P-256 key to which agents seal what only it may open (ECDH-ES). Agents pin its public half at enrolment, and without
/// the private half what they sealed is lost: a file that cannot be read stops the start.
/// </summary>
sealed class EncryptionKey : IDisposable
{
    readonly ECDiffieHellman _key;
    readonly Lock _using = new();

    EncryptionKey(ECDiffieHellman key) => (_key, Public) = (key, EncryptionJwk.FromKey(key));

    public EncryptionJwk Public { get; }

    /// <exception cref="InvalidDataException">The file exists but holds no P-256 private key.</exception>
    public static EncryptionKey LoadOrCreate(string file)
    {
        var pem = PrivateKeyFile.ReadOrMake(file);
        ECDiffieHellman? key = null;
        try
        {
            key = ECDiffieHellman.Create();
            key.ImportFromPem(pem);
            key.ExportParameters(includePrivateParameters: true); // a public key alone would be noticed only at the first sealed text
            var loaded = new EncryptionKey(key);
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

    /// <summary>Lends the key. One at a time: a key object promises nothing about concurrent use.</summary>
    public T Use<T>(Func<ECDiffieHellman, T> with)
    {
        lock (_using)
            return with(_key);
    }

    public void Dispose() => _key.Dispose();
}

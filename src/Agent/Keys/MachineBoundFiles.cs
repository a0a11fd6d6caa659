using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Agent.Keys;

/// <summary>
/// A secret is a file that Windows has encrypted for this machine (DPAPI), so that a copy or a backup of it is of no use elsewhere. Who
/// may read it on this machine says the access list of the data directory, which the installer limits to the service and administrators.
/// </summary>
[SupportedOSPlatform("windows")]
sealed class MachineBoundFiles : ISecretProtection
{
    // No secret: it keeps a secret of ours from being taken for one of another program on this machine.
    static ReadOnlySpan<byte> Purpose => "retention-agent secret 1"u8;

    public byte[]? Read(string path)
    {
        if (!File.Exists(path))
            return null;

        try
        {
            return ProtectedData.Unprotect(File.ReadAllBytes(path), Purpose.ToArray(), DataProtectionScope.LocalMachine);
        }
        catch (CryptographicException e)
        {
            throw new KeyFileException(path, "Windows cannot decrypt it: it was made on another machine, or changed; restore it or enrol anew", e);
        }
    }

    public byte[] Seal(byte[] secret) => ProtectedData.Protect(secret, Purpose.ToArray(), DataProtectionScope.LocalMachine);

    public string? WhyFixed(string path) => null;
}

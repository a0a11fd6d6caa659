using System.Security.Cryptography;
using System.Text;

namespace Agent.Keys;

/// <summary>
/// What cameras are called in evidence that travels. A code is stable for this agent and says nothing: without the salt nobody can
/// find out which name it stands for by trying likely ones.
/// </summary>
sealed class CameraCodes
{
    public const string FileName = "agent.salt";

    const int SaltBytes = 32;
    const int CodeDigits = 10;
    const int SerialDigits = 32;

    // What a value of the configuration becomes must never be what a camera is called.
    const string SettingsPurpose = "settings";

    readonly byte[] _salt;

    CameraCodes(byte[] salt) => _salt = salt;

    /// <summary>Opens the salt of a data directory, making it at first start.</summary>
    /// <exception cref="KeyFileException">The file is exposed to others or not 32 bytes long.</exception>
    public static CameraCodes Open(string directory, ISecretProtection? protection = null)
    {
        var path = Path.Combine(directory, FileName);
        var salt = KeyFile.ReadOrMakeSecret(path, () => RandomNumberGenerator.GetBytes(SaltBytes), protection);
        return salt.Length == SaltBytes
            ? new CameraCodes(salt)
            : throw new KeyFileException(path, $"it is {salt.Length} bytes long, not {SaltBytes}; restore it, or every camera gets another code");
    }

    /// <summary>
    /// What stands for the storage of a recorder at enrolment: the same as long as it is the same storage, and saying nothing of it.
    /// </summary>
    /// <param name="identity">What tells it from any other storage.</param>
    public string ForStorage(string identity)
    {
        // No recorder has an empty name, so that no camera's code is made of the same bytes.
        var hash = HMACSHA256.HashData(_salt, Encoding.UTF8.GetBytes($"\nstorage\n{identity}"));
        return $"s-{Convert.ToHexStringLower(hash)[..SerialDigits]}";
    }

    /// <summary>The code of one camera of one recorder: "c-" and ten hex digits.</summary>
    public string For(string recorder, string camera)
    {
        var hash = HMACSHA256.HashData(_salt, Encoding.UTF8.GetBytes($"{recorder}\n{camera}"));
        return $"c-{Convert.ToHexStringLower(hash)[..CodeDigits]}";
    }

    /// <summary>
    /// What a value of the configuration is called in evidence that travels, 64 hex digits: the same value, the same text, and without
    /// the salt nobody can find out which by trying likely ones.
    /// </summary>
    public string FingerprintOf(string value)
    {
        var key = HMACSHA256.HashData(_salt, Encoding.UTF8.GetBytes(SettingsPurpose));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(value)));
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Agent.Keys;

/// <summary>
/// Named passwords of the data directory, each encrypted with AES-256-GCM under a key that is protected like the signing key. The name
/// is bound to the text, so that one password cannot be put in another's place.
/// </summary>
/// <remarks>
/// The file is <c>{"v":1,"secrets":{NAME:base64(nonce 12 ‖ tag 16 ‖ text)}}</c>. It keeps passwords out of configuration files, backups of
/// it and eyes that pass by; not from somebody who can read both files, because the agent itself must be able to.
/// </remarks>
sealed partial class KeptSecrets
{
    public const string FileName = "secrets.json";
    public const string KeyFileName = "agent.secret";
    public const int LongestSecret = 1024;

    const int Version = 1;
    const int KeyBytes = 32;
    const int NonceBytes = 12;
    const int TagBytes = 16;

    readonly string _directory;
    readonly ISecretProtection? _protection;
    readonly SortedDictionary<string, byte[]> _sealed;

    KeptSecrets(string directory, ISecretProtection? protection, SortedDictionary<string, byte[]> sealedSecrets) =>
        (_directory, _protection, _sealed) = (directory, protection, sealedSecrets);

    /// <summary>The names, in order.</summary>
    public IReadOnlyCollection<string> Names => _sealed.Keys;

    /// <summary>Reads the file of a data directory; without one there are no secrets. Nothing is decrypted or made yet.</summary>
    /// <exception cref="KeyFileException">It is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static KeptSecrets Open(string directory, ISecretProtection? protection = null)
    {
        var path = Path.Combine(directory, FileName);
        var found = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        if (!File.Exists(path))
            return new KeptSecrets(directory, protection, found);

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.GetProperty("v").GetInt32() != Version)
                throw new KeyFileException(path, "it was written by a newer version");
            foreach (var secret in document.RootElement.GetProperty("secrets").EnumerateObject())
                found[secret.Name] = secret.Value.GetBytesFromBase64();
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new KeyFileException(path, "it does not hold the agent's secrets; restore it, or remove it and set them again", e);
        }

        return new KeptSecrets(directory, protection, found);
    }

    public static bool IsName(string name) => NamePattern().IsMatch(name);

    public bool Has(string name) => _sealed.ContainsKey(name);

    /// <summary>Decrypts one.</summary>
    /// <exception cref="KeyFileException">It is not there, or was changed, or belongs to another key.</exception>
    public Secret Get(string name)
    {
        var path = Path.Combine(_directory, FileName);
        var text = _sealed.GetValueOrDefault(name) ?? throw new KeyFileException(path, $"there is no secret '{name}' in it");
        if (text.Length < NonceBytes + TagBytes)
            throw Unreadable(null);

        var plain = new byte[text.Length - NonceBytes - TagBytes];
        try
        {
            using var cipher = Cipher();
            cipher.Decrypt(text.AsSpan(0, NonceBytes), text.AsSpan(NonceBytes + TagBytes), text.AsSpan(NonceBytes, TagBytes), plain, Bound(name));
            return new Secret(Encoding.UTF8.GetString(plain));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw Unreadable(e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }

        KeyFileException Unreadable(Exception? cause) =>
            new(path, $"the secret '{name}' was changed, or encrypted with another {KeyFileName}; set it again", cause);
    }

    /// <summary>Adds or replaces one; it is on the disk when this returns.</summary>
    /// <exception cref="FormatException">The name or the secret is not possible.</exception>
    public void Set(string name, Secret secret)
    {
        if (!IsName(name))
            throw new FormatException("A secret's name is 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit.");
        if (secret.Reveal() is not { Length: > 0 and <= LongestSecret } value || value.Any(char.IsControl))
            throw new FormatException($"A secret is one line of 1 to {LongestSecret} characters.");

        var plain = Encoding.UTF8.GetBytes(value);
        var text = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(text.AsSpan(0, NonceBytes));
        using (var cipher = Cipher())
            cipher.Encrypt(text.AsSpan(0, NonceBytes), plain, text.AsSpan(NonceBytes + TagBytes), text.AsSpan(NonceBytes, TagBytes), Bound(name));
        CryptographicOperations.ZeroMemory(plain);
        _sealed[name] = text;
        Save();
    }

    /// <returns>False when there was none.</returns>
    public bool Remove(string name)
    {
        if (!_sealed.Remove(name))
            return false;

        Save();
        return true;
    }

    AesGcm Cipher()
    {
        var path = Path.Combine(_directory, KeyFileName);
        var key = KeyFile.ReadOrMakeSecret(path, () => RandomNumberGenerator.GetBytes(KeyBytes), _protection);
        try
        {
            return key.Length == KeyBytes
                ? new AesGcm(key, TagBytes)
                : throw new KeyFileException(path, $"it is {key.Length} bytes long, not {KeyBytes}; restore it, or remove it and set every secret again");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    static byte[] Bound(string name) => Encoding.UTF8.GetBytes($"retention-agent secret {Version}\n{name}");

    void Save()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteStartObject("secrets");
            foreach (var (name, text) in _sealed)
                json.WriteBase64String(name, text);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        KeyFile.WritePrivate(Path.Combine(_directory, FileName), buffer.ToArray());
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z")]
    private static partial Regex NamePattern();
}

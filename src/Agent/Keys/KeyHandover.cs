using System.Security.Cryptography;

namespace Agent.Keys;

/// <summary>
/// The files of a change of key. A crash may fall between any two steps: until the next key has taken the current one's name, the
/// current one is whole; the old one is destroyed only when it is not the current one any more.
/// </summary>
sealed class KeyHandover(string directory, ISecretProtection? protection)
{
    public const string NextFile = "agent.key.next.pem";
    public const string OldFile = "agent.key.old.pem";

    readonly ISecretProtection _protection = protection ?? SecretProtection.OfThisMachine;

    string Current => Path.Combine(directory, SigningKey.FileName);

    string Next => Path.Combine(directory, NextFile);

    string Old => Path.Combine(directory, OldFile);

    /// <summary>Whether a change was begun and neither finished nor dropped.</summary>
    public bool IsPending => File.Exists(Next);

    /// <summary>Why the current key cannot be replaced, one clause; null when it can.</summary>
    public string? Obstacle => _protection.WhyFixed(Current)
        ?? (File.Exists(Current) ? null : $"{Current} is not there: the service may hold it as a credential; ask while the service runs");

    /// <summary>Makes the next key, on the disk when this returns.</summary>
    public SigningKey MakeNext()
    {
        // What a crash left of an earlier try; such a key never signed anything.
        foreach (var draft in Directory.GetFiles(directory, $"{NextFile}.*.tmp"))
            Destroy(draft);
        var pem = SigningKey.Make();
        KeyFile.WriteSecret(Next, pem, _protection);
        return SigningKey.Parse(Next, pem);
    }

    /// <summary>Reads the next key that an earlier run left over.</summary>
    /// <exception cref="KeyFileException">It cannot be used.</exception>
    public SigningKey OpenNext() =>
        SigningKey.Parse(Next, _protection.Read(Next) ?? throw new KeyFileException(Next, "it vanished"));

    /// <summary>Destroys a next key that never came to sign anything.</summary>
    public void DropNext()
    {
        Destroy(Next);
        KeyFile.Sync(directory);
    }

    /// <summary>The next key takes the current one's name, in one step, and the old one is destroyed.</summary>
    public void Complete()
    {
        File.Replace(Next, Current, Old);
        KeyFile.Sync(directory);
        FinishDestroying();
    }

    /// <summary>Destroys an old key that a crash left over.</summary>
    public void FinishDestroying()
    {
        // With a next key beside it the step was not taken yet, and the old name may still be another name of the current file.
        if (IsPending || !File.Exists(Old))
            return;
        if (File.Exists(Current) && CryptographicOperations.FixedTimeEquals(File.ReadAllBytes(Current), File.ReadAllBytes(Old)))
            File.Delete(Old);
        else
            Destroy(Old);
        KeyFile.Sync(directory);
    }

    // The best a program can do: what a journal, a snapshot, a backup or the wear levelling of a disk has kept, it cannot reach.
    static void Destroy(string path)
    {
        try
        {
            using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None))
            {
                file.Write(new byte[file.Length]);
                file.Flush(flushToDisk: true);
            }

            File.Delete(path);
        }
        catch (FileNotFoundException)
        {
            // Another process did it at the same moment.
        }
    }
}
